import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(709);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).div(16).sub(0.3).reshape([-1, 1, 8, 8]);
const labels = table.select(1, 64).to('int32');
const trainSet = new data.TensorDataset(images.slice(0, 0, 1344), labels.slice(0, 0, 1344));
const [testX, testY] = [images.slice(0, 1344), labels.slice(0, 1344)];
const loader = new data.DataLoader(trainSet, { batchSize: 32, shuffle: true });

/** Norm, bend, convolution, twice; past it goes the input. */
class Unit extends nn.Module {
  constructor(channels) {
    super();
    this.body = new nn.Sequential(
      new nn.GroupNorm(4, channels),
      new nn.ReLU(),
      new nn.Conv2d(channels, channels, 3, { padding: 1 }),
      new nn.GroupNorm(4, channels),
      new nn.ReLU(),
      new nn.Conv2d(channels, channels, 3, { padding: 1 }),
    );
  }

  forward(x) {
    return x.add(this.body(x));
  }
}
const resnet = new nn.Sequential(
  new nn.Conv2d(1, 12, 3, { stride: 2, padding: 1 }),
  new Unit(12),
  new Unit(12),
  new Unit(12),
  new nn.GroupNorm(4, 12),
  new nn.ReLU(),
  new nn.Flatten(),
  new nn.Linear(12 * 4 * 4, 10),
);
const optimizer = new optim.AdamW(resnet.parameters(), { lr: 0.003, weightDecay: 0.005 });
const criterion = new nn.CrossEntropyLoss();

for (let epoch = 0; epoch < 3; epoch++) {
  for (const [xb, yb] of loader) {
    const out = resnet(xb);
    const loss = criterion(out, yb);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
}

resnet.eval();
const right = noGrad(() => resnet(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
