import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(25);
const csv = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const [xs, ys] = [csv.slice(1, 0, 64).div(8).sub(1), csv.select(1, 64).to('int32')];
const trainset = new data.TensorDataset(xs.slice(0, 0, 1300), ys.slice(0, 0, 1300));
const [testX, testY] = [xs.slice(0, 1300), ys.slice(0, 1300)];
const trainloader = new data.DataLoader(trainset, { batchSize: 52, shuffle: true });

class Block extends nn.Module {
  constructor(n) {
    super();
    this.fc = new nn.Linear(n, n);
    this.norm = new nn.LayerNorm(n);
    this.act = new nn.GELU();
  }

  forward(x) {
    return this.act(this.norm(this.fc(x)));
  }
}

class DeepNet extends nn.Module {
  stem = new nn.Linear(64, 48);
  blocks = new nn.Sequential(new Block(48), new Block(48), new Block(48), new Block(48), new Block(48));
  classifier = new nn.Linear(48, 10);

  forward(x) {
    const features = this.blocks(this.stem(x));
    return this.classifier(features);
  }
}

const model = new DeepNet();
const opt = new optim.AdamW(model.parameters(), { lr: 0.002, weightDecay: 0.01 });
const criterion = new nn.CrossEntropyLoss();

for (let epoch = 0; epoch < 9; epoch++) {
  model.train();
  for (const [images, labels] of trainloader) {
    opt.zeroGrad();
    const outputs = model(images);
    const loss = criterion(outputs, labels);
    loss.backward();
    opt.step();
  }
}

model.eval();
const right = noGrad(() => model(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
