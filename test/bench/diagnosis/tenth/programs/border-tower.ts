import { data, F, manualSeed, nn, noGrad, optim, rand, stack } from 'gradlens';

manualSeed(43);
const settings = { layers: 13, units: 26, lr: 0.002, batchSize: 48, epochs: 17 };

// the plane, cut by two waves into three countries
const plane = rand([1300, 2]).mul(4).sub(2);
const height = plane.select(1, 1);
const coast = plane.select(1, 0).mul(2.2).sin().mul(0.7);
const country = stack([height.gt(coast.add(0.5)), height.gt(coast.sub(0.6))], 1).to('int32').sum(1).to('int32');
const [trainX, trainY] = [plane.slice(0, 0, 960), country.slice(0, 0, 960)];
const [testX, testY] = [plane.slice(0, 960), country.slice(0, 960)];
const loader = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: settings.batchSize, shuffle: true });

class Skyscraper extends nn.Module {
  constructor({ layers, units }) {
    super();
    const stories = [];
    for (let level = 0; level < layers; level++) {
      const story = new nn.Linear(level === 0 ? 2 : units, units);
      nn.init.kaimingNormal_(story.weight, { nonlinearity: 'relu' });
      nn.init.zeros_(story.bias);
      stories.push(story, new nn.ReLU());
    }
    this.stories = new nn.Sequential(...stories);
    this.top = new nn.Linear(units, 3);
  }

  forward(x) {
    return this.top(this.stories(x));
  }
}
const model = new Skyscraper(settings);
const optimizer = new optim.Adam(model.parameters(), { lr: settings.lr });

for (let epoch = 0; epoch < settings.epochs; epoch++) {
  for (const [xb, yb] of loader) {
    optimizer.zeroGrad();
    const scores = model(xb);
    const loss = F.crossEntropy(scores, yb);
    loss.backward();
    optimizer.step();
  }
}

model.eval();
const right = noGrad(() => model(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
