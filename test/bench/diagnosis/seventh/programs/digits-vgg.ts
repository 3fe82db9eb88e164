import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(306);
const digits = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pictures = digits.slice(1, 0, 64).div(16).reshape([-1, 1, 8, 8]);
const labels = digits.select(1, 64).to('int32');
const train = new data.TensorDataset(pictures.slice(0, 0, 1300), labels.slice(0, 0, 1300));
const [testX, testY] = [pictures.slice(0, 1300), labels.slice(0, 1300)];
const batches = new data.DataLoader(train, { batchSize: 50, shuffle: true });

class Vgg extends nn.Module {
  block1 = new nn.Sequential(
    new nn.Conv2d(1, 8, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.Conv2d(8, 8, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.AvgPool2d(2),
  );
  block2 = new nn.Sequential(
    new nn.Conv2d(8, 20, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.AvgPool2d(2),
  );
  dense = new nn.Linear(20 * 2 * 2, 48);
  head = new nn.Linear(48, 10);

  forward(image) {
    const maps = this.block2(this.block1(image));
    const code = F.relu(this.dense(maps.flatten(1)));
    return this.head(code);
  }
}
const vgg = new Vgg();
const optimizer = new optim.NAdam(vgg.parameters(), { lr: 0.005 });

for (let epoch = 0; epoch < 7; epoch++) {
  for (const [xb, yb] of batches) {
    optimizer.zeroGrad();
    const logits = vgg(xb);
    const loss = F.crossEntropy(logits, yb);
    loss.backward();
    optimizer.step();
  }
}

vgg.eval();
const right = noGrad(() => vgg(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
