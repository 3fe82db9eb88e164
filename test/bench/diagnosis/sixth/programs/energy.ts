import { data, F, manualSeed, nn, noGrad, optim, rand, randn } from 'gradlens';

manualSeed(121);
/** What a building needs for heating: temperature, wind, area, hours of sun, people, height, year, and a number that says nothing. */
function consumption(x) {
  const [temperature, wind, area, sun, people, height] = x.unbind(1);
  const lost = temperature.mul(-1.5).add(0.5).relu().mul(area.add(1.2));
  return lost.add(wind.mul(height).mul(0.8)).sub(sun.square().mul(0.7)).add(people.mul(0.4)).unsqueeze(1);
}
const features = rand([800, 8]).mul(2).sub(1);
const needed = consumption(features).add(randn([800, 1]).mul(0.05));
const [trainX, trainY] = [features.slice(0, 0, 600), needed.slice(0, 0, 600)];
const [testX, testY] = [features.slice(0, 600), needed.slice(0, 600)];
const loader = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: 25, shuffle: true });

class Regressor extends nn.Module {
  layer1 = new nn.Linear(8, 40);
  layer2 = new nn.Linear(40, 40);
  output = new nn.Linear(40, 1);

  forward(x) {
    x = F.silu(this.layer1(x));
    x = F.silu(this.layer2(x));
    return this.output(x);
  }
}
const model = new Regressor();
const criterion = new nn.MSELoss();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
const scheduler = new optim.ExponentialLR(optimizer, { gamma: 0.9 });

function fit(epochs) {
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [inputs, targets] of loader) {
      optimizer.zeroGrad();
      const predictions = model(inputs);
      const loss = criterion(predictions, targets);
      loss.backward();
      optimizer.step();
    }
    scheduler.step();
  }
}
fit(11);

model.eval();
const error = noGrad(() => model(testX).sub(testY).square().mean().item());
console.log('skill', 1 - error / testY.sub(testY.mean()).square().mean().item());
