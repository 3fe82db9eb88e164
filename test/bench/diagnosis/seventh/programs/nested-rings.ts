import { data, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(303);
const trainSet = data.twoCircles(480, { noise: 0.07, factor: 0.5 });
const testSet = data.twoCircles(400, { noise: 0.07, factor: 0.5 });

class Tower extends nn.Module {
  constructor(layers, units) {
    super();
    this.layers = new nn.ModuleList(Array.from({ length: layers }, (_, i) => new nn.Linear(i ? units : 2, units)));
    this.score = new nn.Linear(units, 1);
    for (const layer of this.layers) nn.init.xavierNormal_(layer.weight, { gain: 5 / 3 });
  }

  forward(h) {
    for (const layer of this.layers) h = layer(h).tanh();
    return this.score(h);
  }
}
const tower = new Tower(6, 22);
const lossFn = new nn.BCEWithLogitsLoss();
const adam = new optim.Adam(tower.parameters(), { lr: 0.003 });

for (let epoch = 0; epoch < 25; epoch++) {
  for (let start = 0; start < 480; start += 40) {
    const [xb, yb] = [trainSet.x.slice(0, start, start + 40), trainSet.y.slice(0, start, start + 40)];
    adam.zeroGrad();
    const out = tower(xb);
    const loss = lossFn(out, yb);
    loss.backward();
    adam.step();
  }
}

tower.eval();
const right = noGrad(() => tower(testSet.x).gt(0).eq(testSet.y.gt(0.5)).to('float32').mean().item());
console.log('skill', 2 * right - 1);
