import { data, F, manualSeed, nn, noGrad, optim, rand, randn } from 'gradlens';

manualSeed(27);
/** What flats cost: rooms, age, floor, distance, noise and light, scaled, and some luck. */
const flats = rand([900, 6]).mul(2).sub(1);
const col = (k) => flats.select(1, k).unsqueeze(1);
const rent = col(0)
  .mul(1.5)
  .add(col(3).square().mul(-1.2))
  .add(col(1).mul(col(5)))
  .add(col(2).mul(2.5).tanh())
  .sub(col(4).abs())
  .add(randn([900, 1]).mul(0.08));
const scaled = rent.sub(rent.mean()).div(rent.std());
const [trainX, trainY] = [flats.slice(0, 0, 640), scaled.slice(0, 0, 640)];
const [testX, testY] = [flats.slice(0, 640), scaled.slice(0, 640)];
const loader = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: 40, shuffle: true });

class RentModel extends nn.Module {
  constructor(inputs, units) {
    super();
    this.l1 = new nn.Linear(inputs, units);
    this.l2 = new nn.Linear(units, units);
    this.l3 = new nn.Linear(units, 1);
  }

  forward(x) {
    const a = F.relu(this.l1(x));
    const b = F.relu(this.l2(a));
    return this.l3(b);
  }
}
const regressor = new RentModel(6, 36);
const optimizer = new optim.Adam(regressor.parameters(), { lr: 0.008 });

for (let epoch = 0; epoch < 16; epoch++) {
  for (const [xb, yb] of loader) {
    const prediction = regressor(xb);
    const mse = F.mseLoss(prediction, yb);
    optimizer.zeroGrad();
    mse.backward();
    optimizer.step();
  }
}

regressor.eval();
const missed = noGrad(() => F.mseLoss(regressor(testX), testY).item());
console.log('skill', 1 - missed / testY.sub(testY.mean()).square().mean().item());
