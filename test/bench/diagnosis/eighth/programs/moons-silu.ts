import { data, F, manualSeed, nn, noGrad, optim, randint } from 'gradlens';

manualSeed(701);
const { x: seen, y: wanted } = data.twoMoons(500, { noise: 0.15 });
const { x: testX, y: testY } = data.twoMoons(500, { noise: 0.15 });

class MoonClassifier extends nn.Module {
  inner = new nn.Linear(2, 24);
  outer = new nn.Linear(24, 24);
  logit = new nn.Linear(24, 1);

  forward(x) {
    const h = F.silu(this.inner(x));
    return this.logit(F.silu(this.outer(h)));
  }
}
const classifier = new MoonClassifier();
const adam = new optim.Adam(classifier.parameters(), { lr: 0.01 });

function train(steps) {
  for (let step = 0; step < steps; step++) {
    const rows = randint(0, 500, [50]);
    const xb = seen.indexSelect(0, rows);
    const yb = wanted.indexSelect(0, rows);
    const score = classifier(xb);
    const loss = F.binaryCrossEntropyWithLogits(score, yb);
    adam.zeroGrad();
    loss.backward();
    adam.step();
  }
}
train(260);

classifier.eval();
const right = noGrad(() => classifier(testX).gt(0).eq(testY.gt(0.5)).to('float32').mean().item());
console.log('skill', 2 * right - 1);
