import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).div(16);
const labels = table.select(1, 64).to('int32');
const [heldX, heldY] = [images.slice(0, 1280), labels.slice(0, 1280)];

const model = new nn.Sequential(
  new nn.Linear(64, 64),
  new nn.ReLU(),
  new nn.Linear(64, 32),
  new nn.ReLU(),
  new nn.Linear(32, 10),
);
const optimizer = new optim.Adam(model.parameters(), { lr: 0.003 });

for (let step = 0; step < 240; step++) {
  const start = (step * 64) % 1280;
  const [x, y] = [images.slice(0, start, start + 64), labels.slice(0, start, start + 64)];
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
