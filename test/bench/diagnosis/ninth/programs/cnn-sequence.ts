import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(28);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).div(16).reshape([-1, 1, 8, 8]);
const labels = table.select(1, 64).to('int32');
const [trainX, trainY] = [images.slice(0, 0, 1280), labels.slice(0, 0, 1280)];
const [testX, testY] = [images.slice(0, 1280), labels.slice(0, 1280)];

const cnn = new nn.Sequential(
  new nn.Conv2d(1, 10, 3, { padding: 1 }),
  new nn.ReLU(),
  new nn.Conv2d(10, 16, 3, { stride: 2, padding: 1 }),
  new nn.ReLU(),
  new nn.Conv2d(16, 20, 3, { stride: 2, padding: 1 }),
  new nn.ReLU(),
  new nn.Flatten(),
  new nn.Linear(20 * 2 * 2, 32),
  new nn.ReLU(),
  new nn.Linear(32, 10),
);
for (const layer of cnn)
  if (layer instanceof nn.Conv2d) nn.init.kaimingNormal_(layer.weight, { nonlinearity: 'relu' });
const optimizer = new optim.SGD(cnn.parameters(), { lr: 0.05, momentum: 0.9 });

for (let iteration = 0; iteration < 240; iteration++) {
  const start = (iteration * 40) % 1280;
  const x = trainX.slice(0, start, start + 40);
  const y = trainY.slice(0, start, start + 40);
  optimizer.zeroGrad();
  const yHat = cnn(x);
  const loss = F.crossEntropy(yHat, y);
  loss.backward();
  optimizer.step();
}

cnn.eval();
const right = noGrad(() => cnn(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
