import { F, manualSeed, nn, noGrad, optim, rand } from 'gradlens';

manualSeed(1);
/** Friedman 1991: ten inputs, of which five tell; standardized. */
const truth = (x) => {
  const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((i) =>
    x
      .slice(1, i, i + 1)
      .div(3.46)
      .add(0.5),
  );
  const sum = a.mul(b).mul(Math.PI).sin().mul(10).add(c.sub(0.5).square().mul(20)).add(d.mul(10)).add(e.mul(5));
  return sum.sub(14.4).div(4.9);
};
const inputs = rand([512, 10]).sub(0.5).mul(3.46);
const targets = truth(inputs);
const held = rand([512, 10]).sub(0.5).mul(3.46);

const model = new nn.Sequential(
  new nn.Linear(10, 40),
  new nn.Tanh(),
  new nn.Linear(40, 40),
  new nn.Tanh(),
  new nn.Linear(40, 1),
);
const optimizer = new optim.RMSprop(model.parameters(), { lr: 0.003 });

for (let step = 0; step < 260; step++) {
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
