import { cat, data, manualSeed, nn, noGrad, optim, rand, randn } from 'gradlens';

manualSeed(707);
/** How far a car goes: mass, power, drag, tyres, age, load and slope, each scaled; with noise. */
const cars = rand([800, 7]).sub(0.5).mul(2);
const part = (i) => cars.slice(1, i, i + 1);
const distance = part(0)
  .add(part(5).mul(0.5))
  .mul(-1.2)
  .exp()
  .sub(part(1).mul(part(1)))
  .add(part(2).mul(part(6)))
  .add(part(3).mul(2).sin().mul(0.6))
  .add(randn([800, 1]).mul(0.06));
const targets = distance.sub(distance.mean()).div(distance.std());
const [trainX, trainY] = [cars.slice(0, 0, 560), targets.slice(0, 0, 560)];
const [testX, testY] = [cars.slice(0, 560), targets.slice(0, 560)];
const loader = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: 28, shuffle: true });

class Mileage extends nn.Module {
  wide = new nn.Linear(7, 40);
  narrow = new nn.Linear(40, 20);
  last = new nn.Linear(27, 1);

  forward(x) {
    const h = this.narrow(this.wide(x).tanh()).tanh();
    return this.last(cat([h, x], 1));
  }
}
const predictor = new Mileage();
const opt = new optim.SGD(predictor.parameters(), { lr: 0.06, momentum: 0.85, weightDecay: 1e-5 });
const criterion = new nn.SmoothL1Loss();

for (let epoch = 0; epoch < 22; epoch++) {
  for (const [xb, yb] of loader) {
    const out = predictor(xb);
    const loss = criterion(out, yb);
    opt.zeroGrad();
    loss.backward();
    opt.step();
  }
}

predictor.eval();
const missed = noGrad(() => predictor(testX).sub(testY).square().mean().item());
console.log('skill', 1 - missed / testY.sub(testY.mean()).square().mean().item());
