import { F, manualSeed, nn, noGrad, optim, rand, randn } from 'gradlens';

manualSeed(20);
const curve = (x) => x.mul(3).sin().add(x.mul(0.8));
const x = rand([200, 1]).mul(4).sub(2);
const y = curve(x).add(randn([200, 1]).mul(0.05));
const testX = rand([400, 1]).mul(4).sub(2);
const testY = curve(testX);

const net = new nn.Sequential(
  new nn.Linear(1, 32),
  new nn.Tanh(),
  new nn.Linear(32, 32),
  new nn.Tanh(),
  new nn.Linear(32, 1),
);
const opt = new optim.Adam(net.parameters(), { lr: 0.02 });

for (let step = 0; step < 280; step++) {
  const [xb, yb] = [x, y];
  opt.zeroGrad();
  const loss = F.mseLoss(net(xb), yb);
  loss.backward();
  opt.step();
}

net.eval();
const missed = noGrad(() => net(testX).sub(testY).square().mean().item());
console.log('skill', 1 - missed / testY.sub(testY.mean()).square().mean().item());
