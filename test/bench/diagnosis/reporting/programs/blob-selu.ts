import { data, F, manualSeed, nn, noGrad, optim, randint } from 'gradlens';

manualSeed(63);
const clouds = data.blobs(1400, { centers: 7, features: 3, std: 1.6 });
const [mean, std] = [clouds.x.mean(0), clouds.x.std(0)];
const X = clouds.x.sub(mean).div(std);
const Y = clouds.y.flatten().to('int32');
const [trainX, trainY] = [X.slice(0, 0, 1000), Y.slice(0, 0, 1000)];
const [testX, testY] = [X.slice(0, 1000), Y.slice(0, 1000)];

const DEPTH = 8;
const UNITS = 24;

class SelfNormalizing extends nn.Module {
  entrance = new nn.Linear(3, UNITS);
  middle = new nn.ModuleList(Array.from({ length: DEPTH - 1 }, () => new nn.Linear(UNITS, UNITS)));
  exit = new nn.Linear(UNITS, 7);

  constructor() {
    super();
    // LeCun's initialization, as SELU wants it
    for (const layer of [this.entrance, ...this.middle]) nn.init.kaimingNormal_(layer.weight, { nonlinearity: 'linear' });
  }

  forward(x) {
    let h = F.selu(this.entrance(x));
    for (const layer of this.middle) h = F.selu(layer(h));
    return this.exit(h);
  }
}

const model = new SelfNormalizing();
const sgd = new optim.SGD(model.parameters(), { lr: 0.02, momentum: 0.9 });

for (let i = 0; i < 320; i++) {
  const idx = randint(0, 1000, [50]);
  const input = trainX.indexSelect(0, idx);
  const label = trainY.indexSelect(0, idx);
  sgd.zeroGrad();
  const out = model(input);
  const loss = F.crossEntropy(out, label);
  loss.backward();
  sgd.step();
}

model.eval();
const right = noGrad(() => model(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 1 / 7) / (6 / 7));
