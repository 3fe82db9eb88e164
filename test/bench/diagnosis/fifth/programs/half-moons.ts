import { data, F, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(3);
const points = data.twoMoons(480, { noise: 0.12 });
const test = data.twoMoons(400, { noise: 0.12 });
const loader = new data.DataLoader(new data.TensorDataset(points.x, points.y.squeeze(1).to('int32')), {
  batchSize: 24,
  shuffle: true,
});

const net = new nn.Sequential(
  new nn.Linear(2, 20),
  new nn.Tanh(),
  new nn.Linear(20, 20),
  new nn.Tanh(),
  new nn.Linear(20, 2),
);
const opt = new optim.SGD(net.parameters(), { lr: 0.4 });

for (let epoch = 0; epoch < 14; epoch++) {
  for (const [xb, yb] of loader) {
    opt.zeroGrad();
    const loss = F.crossEntropy(net(xb), yb);
    loss.backward();
    opt.step();
  }
}

net.eval();
const guess = noGrad(() => net(test.x).argmax(1));
const right = guess.eq(test.y.squeeze(1).to('int32')).to('float32').mean().item();
console.log('skill', 2 * right - 1);
