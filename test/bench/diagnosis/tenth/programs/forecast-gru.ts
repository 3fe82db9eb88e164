import { arange, data, manualSeed, nn, noGrad, optim, rand, randn } from 'gradlens';

manualSeed(54);
/** Demand over the day: two rhythms, each of any phase and strength. The last of 19 hours is to be foretold. */
const series = (n) => {
  const hours = arange(19).unsqueeze(0);
  const rhythm = (period) => hours.mul((2 * Math.PI) / period).add(rand([n, 1]).mul(6.28)).sin().mul(rand([n, 1]).add(0.5));
  return rhythm(12).add(rhythm(5)).add(randn([n, 19]).mul(0.05)).unsqueeze(2);
};
const history = series(1100);
const [past, future] = [history.slice(1, 0, 18), history.select(1, 18)];
const [testX, testY] = [past.slice(0, 800), future.slice(0, 800)];
const dataset = new data.TensorDataset(past.slice(0, 0, 800), future.slice(0, 0, 800));
const loader = new data.DataLoader(dataset, { batchSize: 40, shuffle: true });

class Forecaster extends nn.Module {
  gru = new nn.GRU(1, 28, { batchFirst: true });
  head = new nn.Sequential(new nn.Linear(28, 16), new nn.ReLU(), new nn.Linear(16, 1));

  forward(x) {
    const [, last] = this.gru(x);
    return this.head(last.squeeze(0));
  }
}
const forecaster = new Forecaster();
const optimizer = new optim.AdamW(forecaster.parameters(), { lr: 0.012, weightDecay: 0.001 });
const criterion = new nn.SmoothL1Loss();

for (let epoch = 0; epoch < 12; epoch++) {
  forecaster.train();
  for (const [before, after] of loader) {
    const forecast = forecaster(before);
    const loss = criterion(forecast, after);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
}

forecaster.eval();
const missed = noGrad(() => forecaster(testX).sub(testY).square().mean().item());
console.log('skill', 1 - missed / testY.sub(testY.mean()).square().mean().item());
