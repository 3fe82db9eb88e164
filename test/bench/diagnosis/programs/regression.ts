import { F, manualSeed, nn, noGrad, optim, randn } from 'gradlens';

manualSeed(1);
const mixing = randn([8, 3]);
const truth = (x) => {
  const z = x.matmul(mixing).div(3);
  return z.sin().sum(1, { keepdim: true }).add(z.slice(1, 0, 1).mul(z.slice(1, 1, 2)));
};
const inputs = randn([512, 8]);
const targets = truth(inputs);
const held = randn([512, 8]);

const model = new nn.Sequential(
  new nn.Linear(8, 48),
  new nn.ReLU(),
  new nn.Linear(48, 48),
  new nn.ReLU(),
  new nn.Linear(48, 1),
);
const optimizer = new optim.SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });

for (let step = 0; step < 240; step++) {
  const start = (step * 64) % 512;
  const [x, y] = [inputs.slice(0, start, start + 64), targets.slice(0, start, start + 64)];
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const wanted = truth(held);
const missed = noGrad(() => model(held).sub(wanted).square().mean().item());
console.log('skill', 1 - missed / wanted.sub(wanted.mean()).square().mean().item());
