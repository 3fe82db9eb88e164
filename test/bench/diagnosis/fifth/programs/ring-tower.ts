import { data, F, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(11);
const train = data.twoCircles(512, { noise: 0.08, factor: 0.45 });
const test = data.twoCircles(512, { noise: 0.08, factor: 0.45 });
const layers = 9;

const net = new nn.Sequential();
for (let i = 0; i < layers; i++) {
  const dense = new nn.Linear(i === 0 ? 2 : 24, 24);
  nn.init.kaimingNormal_(dense.weight, { nonlinearity: 'relu' });
  nn.init.zeros_(dense.bias);
  net.append(dense);
  net.append(new nn.ReLU());
}
net.append(new nn.Linear(24, 1));
const opt = new optim.Adam(net.parameters(), { lr: 0.002 });

for (let step = 0; step < 260; step++) {
  const from = (step * 64) % 512;
  const [xb, yb] = [train.x.slice(0, from, from + 64), train.y.slice(0, from, from + 64)];
  opt.zeroGrad();
  const loss = F.binaryCrossEntropyWithLogits(net(xb), yb);
  loss.backward();
  opt.step();
}

net.eval();
const right = noGrad(() => net(test.x).gt(0).eq(test.y.gt(0.5)).to('float32').mean().item());
console.log('skill', 2 * right - 1);
