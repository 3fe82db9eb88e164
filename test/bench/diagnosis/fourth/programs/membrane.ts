import { grad, manualSeed, nn, noGrad, optim, rand, tensor } from 'gradlens';

manualSeed(1);
/** −u'' = f between two ends at 0, learned from the equation alone: f is that of sin πx + sin 2πx ÷ 2. */
const truth = (x) => x.mul(Math.PI).sin().add(x.mul(2 * Math.PI).sin().mul(0.5));
const load = (x) => x.mul(Math.PI).sin().mul(Math.PI ** 2).add(x.mul(2 * Math.PI).sin().mul(2 * Math.PI ** 2));

const model = new nn.Sequential(
  new nn.Linear(1, 24),
  new nn.Tanh(),
  new nn.Linear(24, 24),
  new nn.Tanh(),
  new nn.Linear(24, 1),
);
const optimizer = new optim.Adam(model.parameters(), { lr: 0.015 });
const ends = tensor([[0], [1]]);

for (let step = 0; step < 300; step++) {
  const x = rand([48, 1]).requiresGrad_();
  optimizer.zeroGrad();
  const [slope] = grad(model(x).sum(), [x], { createGraph: true });
  const [bend] = grad(slope.sum(), [x], { createGraph: true });
  const loss = bend.add(load(x)).square().mean().mul(0.01).add(model(ends).square().mean().mul(10));
  loss.backward();
  optimizer.step();
}

model.eval();
const places = rand([400, 1]);
const wanted = truth(places);
const missed = noGrad(() => model(places).sub(wanted).square().mean().item());
console.log('skill', 1 - missed / wanted.square().mean().item());
