import { data, F, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(1);
const made = data.spirals(600, { arms: 3, turns: 0.6, noise: 0.03 });
const points = made.x.mul(2);
const arms = made.y.squeeze(1).to('int32');
const held = data.spirals(600, { arms: 3, turns: 0.6, noise: 0.03 });
const [heldX, heldY] = [held.x.mul(2), held.y.squeeze(1).to('int32')];

const model = new nn.Sequential(
  new nn.Linear(2, 64),
  new nn.ReLU(),
  new nn.Linear(64, 48),
  new nn.ReLU(),
  new nn.Linear(48, 3),
);
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.01, weightDecay: 0.01 });

for (let step = 0; step < 240; step++) {
  const start = (step * 60) % 600;
  const [x, y] = [points.slice(0, start, start + 60), arms.slice(0, start, start + 60)];
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
