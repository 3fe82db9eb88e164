import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(4);
const csv = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pixels = csv.slice(1, 0, 64).div(16);
const digits = csv.select(1, 64).to('int32');
const [testX, testY] = [pixels.slice(0, 1400), digits.slice(0, 1400)];
const loader = new data.DataLoader(new data.TensorDataset(pixels.slice(0, 0, 1400), digits.slice(0, 0, 1400)), {
  batchSize: 56,
  shuffle: true,
});

const net = new nn.Sequential(
  new nn.Linear(64, 80),
  new nn.ReLU(),
  new nn.Dropout(0.2),
  new nn.Linear(80, 40),
  new nn.ReLU(),
  new nn.Dropout(0.2),
  new nn.Linear(40, 10),
);
const criterion = new nn.CrossEntropyLoss();
const opt = new optim.Adam(net.parameters(), { lr: 0.004 });

for (let epoch = 0; epoch < 9; epoch++) {
  for (const [xb, yb] of loader) {
    opt.zeroGrad();
    const loss = criterion(net(xb), yb);
    loss.backward();
    opt.step();
  }
}

net.eval();
const right = noGrad(() => net(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
