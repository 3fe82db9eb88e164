import { grad, manualSeed, nn, noGrad, ones, optim, rand, zeros } from 'gradlens';

manualSeed(1);
/** u' = −u + sin 3t, u(0) = 1, learned from the equation alone (Raissi et al. 2019). */
const truth = (t) => t.neg().exp().mul(1.3).add(t.mul(3).sin().mul(0.1)).sub(t.mul(3).cos().mul(0.3));

const model = new nn.Sequential(
  new nn.Linear(1, 32),
  new nn.Tanh(),
  new nn.Linear(32, 32),
  new nn.Tanh(),
  new nn.Linear(32, 1),
);
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
const [start, one] = [zeros([1, 1]), ones([1, 1])];

for (let step = 0; step < 300; step++) {
  const t = rand([64, 1]).mul(3).requiresGrad_();
  optimizer.zeroGrad();
  const u = model(t);
  const [slope] = grad(u.sum(), [t], { createGraph: true });
  const residual = slope.add(u).sub(t.mul(3).sin());
  const loss = residual.square().mean().add(model(start).sub(one).square().mean().mul(5));
  loss.backward();
  optimizer.step();
}

model.eval();
const times = rand([400, 1]).mul(3);
const wanted = truth(times);
const missed = noGrad(() => model(times).sub(wanted).square().mean().item());
console.log('skill', 1 - missed / wanted.sub(wanted.mean()).square().mean().item());
