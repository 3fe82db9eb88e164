import { F, manualSeed, nn, noGrad, optim, rand } from 'gradlens';

manualSeed(1);
/** Brightness at a place of a picture that nobody has seen whole. */
const picture = (at) => {
  const [x, y] = [at.slice(1, 0, 1), at.slice(1, 1, 2)];
  return x.mul(5).sin().mul(y.mul(4).cos()).add(x.square().add(y.square()).mul(-4).exp());
};
const places = rand([600, 2]).mul(2).sub(1);
const seen = picture(places);
const held = rand([600, 2]).mul(2).sub(1);

/** Sines for activations (Sitzmann et al. 2020). */
class Sine extends nn.Module {
  constructor(inputs, outputs, omega, first) {
    super();
    this.omega = omega;
    this.linear = new nn.Linear(inputs, outputs);
    const bound = first ? 1 / inputs : Math.sqrt(6 / inputs) / omega;
    nn.init.uniform_(this.linear.weight, { from: -bound, to: bound });
  }

  forward(x) {
    return this.linear(x).mul(this.omega).sin();
  }
}
const model = new nn.Sequential(new Sine(2, 40, 4, true), new Sine(40, 40, 4), new nn.Linear(40, 1));
const optimizer = new optim.Adam(model.parameters(), { lr: 0.003 });

for (let step = 0; step < 240; step++) {
  const start = (step * 150) % 600;
  const [x, y] = [places.slice(0, start, start + 150), seen.slice(0, start, start + 150)];
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const wanted = picture(held);
const missed = noGrad(() => model(held).sub(wanted).square().mean().item());
console.log('skill', 1 - missed / wanted.sub(wanted.mean()).square().mean().item());
