import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).reshape([-1, 1, 8, 8]).div(16);
const labels = table.select(1, 64).to('int32');
const [heldX, heldY] = [images.slice(0, 1280), labels.slice(0, 1280)];

const model = new nn.Sequential(
  new nn.Conv2d(1, 12, 3, { padding: 1 }),
  new nn.BatchNorm2d(12),
  new nn.ReLU(),
  new nn.Conv2d(12, 16, 3, { padding: 1 }),
  new nn.BatchNorm2d(16),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Flatten(),
  new nn.Linear(16 * 4 * 4, 10),
);
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.003, weightDecay: 0.01 });

for (let step = 0; step < 220; step++) {
  const start = (step * 32) % 1280;
  const [x, y] = [images.slice(0, start, start + 32), labels.slice(0, start, start + 32)];
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
