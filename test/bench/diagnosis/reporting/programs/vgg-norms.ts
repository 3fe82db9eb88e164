import { data, manualSeed, nn, noGrad, optim, randint, randperm } from 'gradlens';

manualSeed(68);
const scans = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const X = scans.slice(1, 0, 64).div(16).reshape([-1, 1, 8, 8]);
const Y = scans.select(1, 64).to('int32');
const [trainX, trainY] = [X.slice(0, 0, 1350), Y.slice(0, 0, 1350)];
const [testX, testY] = [X.slice(0, 1350), Y.slice(0, 1350)];

/** Convolution, normalization, what bends it. */
const conv = (from, to) => [new nn.Conv2d(from, to, 3, { padding: 1, bias: false }), new nn.BatchNorm2d(to), new nn.ReLU()];
const vgg = new nn.Sequential(
  ...conv(1, 8),
  ...conv(8, 8),
  new nn.MaxPool2d(2),
  ...conv(8, 16),
  ...conv(16, 16),
  new nn.MaxPool2d(2),
  new nn.Flatten(),
  new nn.Linear(64, 10),
);
const rms = new optim.RMSprop(vgg.parameters(), { lr: 0.002 });
const criterion = new nn.CrossEntropyLoss();

for (let iteration = 1; iteration <= 180; iteration++) {
  const chosen = randint(0, 1350, [40]);
  const image = trainX.indexSelect(0, chosen);
  const digit = trainY.indexSelect(0, chosen);
  rms.zeroGrad();
  const scores = vgg(image);
  const loss = criterion(scores, digit);
  loss.backward();
  rms.step();
  if (iteration % 30 === 0) console.log(`${iteration}: ${loss.item().toFixed(3)}`);
}

vgg.eval();
const right = noGrad(() => vgg(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
