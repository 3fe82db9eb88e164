import { data, F, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(1);
const { x, y } = data.twoCircles(200, { noise: 0.08, factor: 0.5 });
const held = data.twoCircles(400, { noise: 0.08, factor: 0.5 });

const model = new nn.Sequential(
  new nn.Linear(2, 24),
  new nn.GELU(),
  new nn.Linear(24, 24),
  new nn.GELU(),
  new nn.Linear(24, 1),
);
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });

for (let step = 0; step < 200; step++) {
  optimizer.zeroGrad();
  const loss = F.binaryCrossEntropyWithLogits(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(held.x).gt(0).eq(held.y.gt(0.5)).to('float32').mean().item());
console.log('skill', (right - 0.5) / 0.5);
