import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(9);
const csv = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pictures = csv.slice(1, 0, 64).div(16).reshape([-1, 1, 8, 8]);
const digits = csv.select(1, 64).to('int32');
const [testX, testY] = [pictures.slice(0, 1400), digits.slice(0, 1400)];

const convolved = (from, to) => [new nn.Conv2d(from, to, 3, { padding: 1 }), new nn.BatchNorm2d(to), new nn.ReLU()];
const net = new nn.Sequential(
  ...convolved(1, 8),
  ...convolved(8, 8),
  new nn.MaxPool2d(2),
  ...convolved(8, 16),
  ...convolved(16, 16),
  new nn.AvgPool2d(4),
  new nn.Flatten(),
  new nn.Linear(16, 10),
);
const criterion = new nn.CrossEntropyLoss();
const opt = new optim.AdamW(net.parameters(), { lr: 0.01, weightDecay: 0.02 });

for (let step = 0; step < 220; step++) {
  const from = (step * 35) % 1400;
  const [xb, yb] = [pictures.slice(0, from, from + 35), digits.slice(0, from, from + 35)];
  opt.zeroGrad();
  const loss = criterion(net(xb), yb);
  loss.backward();
  opt.step();
}

net.eval();
const right = noGrad(() => net(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
