import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(109);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).div(16).reshape([-1, 1, 8, 8]);
const labels = table.select(1, 64).to('int32');

const model = new nn.Sequential(
  new nn.Conv2d(1, 12, 3, { padding: 1 }),
  new nn.BatchNorm2d(12),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Conv2d(12, 24, 3, { padding: 1 }),
  new nn.BatchNorm2d(24),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Flatten(),
  new nn.Linear(24 * 2 * 2, 32),
  new nn.ReLU(),
  new nn.Linear(32, 10),
);
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.03, momentum: 0.9, weightDecay: 0.0005 });

for (let step = 0; step < 170; step++) {
  const picked = randperm(1350).slice(0, 0, 40);
  const [inputs, targets] = [images.indexSelect(0, picked), labels.indexSelect(0, picked)];
  optimizer.zeroGrad();
  const outputs = model(inputs);
  const loss = criterion(outputs, targets);
  loss.backward();
  optimizer.step();
}

model.eval();
const correct = noGrad(() => model(images.slice(0, 1350)).argmax(1).eq(labels.slice(0, 1350)).to('float32').mean().item());
console.log('skill', (correct - 0.1) / 0.9);
