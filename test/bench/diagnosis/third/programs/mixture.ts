import { F, manualSeed, nn, noGrad, optim, rand, randn } from 'gradlens';

manualSeed(1);
/** Two answers to each question (Bishop 1994). */
const drawn = (n) => {
  const x = rand([n, 1]).mul(4).sub(2);
  const side = rand([n, 1]).lt(0.5).to('float32').mul(2).sub(1);
  return [x, x.mul(1.5).sin().add(1.2).mul(side).add(randn([n, 1]).mul(0.15))];
};
const [heldX, heldY] = drawn(600);

class MixtureDensity extends nn.Module {
  body = new nn.Sequential(new nn.Linear(1, 32), new nn.Tanh(), new nn.Linear(32, 32), new nn.Tanh());
  weights = new nn.Linear(32, 3);
  means = new nn.Linear(32, 3);
  widths = new nn.Linear(32, 3);

  forward(x) {
    const h = this.body(x);
    return [this.weights(h).logSoftmax(1), this.means(h), this.widths(h).clamp({ min: -4, max: 4 })];
  }
}
const model = new MixtureDensity();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.008 });
const surprise = ([weights, means, widths], y) => {
  const each = y.sub(means).div(widths.exp()).square().mul(-0.5).sub(widths).sub(0.919);
  return weights.add(each).logsumexp(1).mean().neg();
};

for (let step = 0; step < 260; step++) {
  const [x, y] = drawn(96);
  optimizer.zeroGrad();
  const loss = surprise(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const told = noGrad(() => surprise(model(heldX), heldY).item());
const oneBell = Math.log(heldY.std().item()) + 1.419;
console.log('skill', 1 - Math.exp(told - oneBell));
