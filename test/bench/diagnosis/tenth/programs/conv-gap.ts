import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(50);
const csv = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = csv.slice(1, 0, 64).div(16).reshape([-1, 1, 8, 8]);
const classes = csv.select(1, 64).to('int32');
const [trainX, trainY] = [images.slice(0, 0, 1320), classes.slice(0, 0, 1320)];
const [testX, testY] = [images.slice(0, 1320), classes.slice(0, 1320)];

// three convolutions, then the mean of each map
const convnet = new nn.Sequential(
  new nn.Conv2d(1, 12, 5, { padding: 2 }),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Conv2d(12, 20, 3, { padding: 1 }),
  new nn.ReLU(),
  new nn.Conv2d(20, 24, 3),
  new nn.ReLU(),
  new nn.AdaptiveAvgPool2d(1),
  new nn.Flatten(),
  new nn.Linear(24, 10),
);
const adam = new optim.Adam(convnet.parameters(), { lr: 0.004 });
const cycle = new optim.OneCycleLR(adam, { maxLr: 0.012, totalSteps: 264 });

for (let epoch = 0; epoch < 8; epoch++) {
  const order = randperm(1320);
  for (let i = 0; i < 1320; i += 40) {
    const picked = order.slice(0, i, i + 40);
    const input = trainX.indexSelect(0, picked);
    const label = trainY.indexSelect(0, picked);
    adam.zeroGrad();
    const prediction = convnet(input);
    const loss = F.crossEntropy(prediction, label);
    loss.backward();
    adam.step();
    cycle.step();
  }
}

convnet.eval();
const right = noGrad(() => convnet(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
