import { data, F, manualSeed, nn, noGrad, optim, randint, randperm } from 'gradlens';

manualSeed(51);
const digits = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const maps = digits.slice(1, 0, 64).sub(4.9).div(6).reshape([-1, 1, 8, 8]);
const names = digits.select(1, 64).to('int32');
const [trainX, trainY] = [maps.slice(0, 0, 1400), names.slice(0, 0, 1400)];
const [testX, testY] = [maps.slice(0, 1400), names.slice(0, 1400)];

class Residual extends nn.Module {
  constructor(channels) {
    super();
    this.f = new nn.Sequential(
      new nn.Conv2d(channels, channels, 3, { padding: 1, bias: false }),
      new nn.BatchNorm2d(channels),
      new nn.ReLU(),
      new nn.Conv2d(channels, channels, 3, { padding: 1, bias: false }),
      new nn.BatchNorm2d(channels),
    );
  }

  forward(x) {
    return F.relu(x.add(this.f(x)));
  }
}

const resnet = new nn.Sequential(
  new nn.Conv2d(1, 12, 3, { padding: 1, bias: false }),
  new nn.BatchNorm2d(12),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new Residual(12),
  new Residual(12),
  new nn.AvgPool2d(2),
  new nn.Flatten(),
  new nn.Linear(48, 10),
);
const sgd = new optim.SGD(resnet.parameters(), { lr: 0.06, momentum: 0.9, nesterov: true, weightDecay: 1e-3 });
const steps = 180;
const annealing = new optim.CosineAnnealingLR(sgd, { tMax: steps });

for (let i = 0; i < steps; i++) {
  const sample = randint(0, 1400, [40]);
  const x = trainX.indexSelect(0, sample);
  const y = trainY.indexSelect(0, sample);
  const scores = resnet(x);
  const loss = F.crossEntropy(scores, y);
  sgd.zeroGrad();
  loss.backward();
  sgd.step();
  annealing.step();
}

resnet.eval();
const right = noGrad(() => resnet(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
