import { data, F, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(1);
const { x, y } = data.twoMoons(256, { noise: 0.1 });
const held = data.twoMoons(400, { noise: 0.1 });

const model = new nn.Sequential(
  new nn.Linear(2, 32),
  new nn.ReLU(),
  new nn.Linear(32, 32),
  new nn.ReLU(),
  new nn.Linear(32, 1),
);
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });

for (let step = 0; step < 220; step++) {
  optimizer.zeroGrad();
  const loss = F.binaryCrossEntropyWithLogits(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(held.x).gt(0).eq(held.y.gt(0.5)).to('float32').mean().item());
console.log('skill', (right - 0.5) / 0.5);
