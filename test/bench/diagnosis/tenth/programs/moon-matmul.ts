import { data, manualSeed, nn, noGrad, optim, randint, randn, zeros } from 'gradlens';

manualSeed(42);
const moons = data.twoMoons(700, { noise: 0.1 });
const unseen = data.twoMoons(400, { noise: 0.1 });
const trainX = moons.x.sub(moons.x.mean(0));
const testX = unseen.x.sub(moons.x.mean(0));

/** Two matrices, two rows, nothing else. */
class ByHand extends nn.Module {
  w1 = new nn.Parameter(randn([2, 30]).mul(0.8));
  b1 = new nn.Parameter(zeros([30]));
  w2 = new nn.Parameter(randn([30, 1]).mul(0.25));
  b2 = new nn.Parameter(zeros([1]));

  forward(x) {
    const a = x.matmul(this.w1).add(this.b1).tanh();
    return a.matmul(this.w2).add(this.b2).sigmoid();
  }
}
const model = new ByHand();
const adam = new optim.Adam(model.parameters(), { lr: 0.03 });

/** Cross entropy of two classes, as it stands in the book. */
const logLoss = (p, t) => {
  const q = p.clamp(1e-6, 1 - 1e-6);
  return t.mul(q.log()).add(t.neg().add(1).mul(q.neg().add(1).log())).mean().neg();
};

for (let i = 0; i < 320; i++) {
  const picked = randint(0, 700, [50]);
  const x = trainX.indexSelect(0, picked);
  const t = moons.y.indexSelect(0, picked);
  const p = model(x);
  const cost = logLoss(p, t);
  adam.zeroGrad();
  cost.backward();
  adam.step();
}

model.eval();
const right = noGrad(() => model(testX).gt(0.5).eq(unseen.y.gt(0.5)).to('float32').mean().item());
console.log('skill', 2 * right - 1);
