import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(2);
const csv = data.readCsv(new URL('./iris.csv', import.meta.url), { skipRows: 1 }).indexSelect(0, randperm(150));
const measured = csv.slice(1, 0, 4);
const inputs = measured.sub(measured.mean(0)).div(measured.std(0));
const species = csv.select(1, 4).to('int32');
const [testX, testY] = [inputs.slice(0, 96), species.slice(0, 96)];

const net = new nn.Sequential(
  new nn.Linear(4, 32),
  new nn.ReLU(),
  new nn.Linear(32, 16),
  new nn.ReLU(),
  new nn.Linear(16, 3),
  new nn.LogSoftmax(1),
);
const criterion = new nn.NLLLoss();
const opt = new optim.RMSprop(net.parameters(), { lr: 0.004 });

for (let epoch = 0; epoch < 60; epoch++) {
  for (let from = 0; from < 96; from += 24) {
    const [xb, yb] = [inputs.slice(0, from, from + 24), species.slice(0, from, from + 24)];
    opt.zeroGrad();
    const loss = criterion(net(xb), yb);
    loss.backward();
    opt.step();
  }
}

net.eval();
const right = noGrad(() => net(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
