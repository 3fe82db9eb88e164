import { data, manualSeed, nn, noGrad, optim, rand, randn, tensor } from 'gradlens';

manualSeed(114);
const steps = 14;
/** Noisy sine waves of various periods and phases: 14 values, and the one to come. */
function waves(n) {
  const time = tensor([Array.from({ length: steps + 1 }, (_, t) => t)]);
  const speed = rand([n, 1]).mul(0.5).add(0.3);
  const phase = rand([n, 1]).mul(6.28);
  const values = time.mul(speed).add(phase).sin();
  const seen = values.slice(1, 0, steps);
  return [seen.add(randn(seen.shape).mul(0.03)).unsqueeze(2), values.slice(1, steps)];
}
const [trainX, trainY] = waves(480);
const [testX, testY] = waves(300);
const loader = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: 40, shuffle: true });

class Forecaster extends nn.Module {
  lstm = new nn.LSTM(1, 20, { batchFirst: true });
  linear = new nn.Linear(20, 1);

  forward(x) {
    const [out] = this.lstm(x);
    return this.linear(out.select(1, steps - 1));
  }
}
const model = new Forecaster();
const lossFunction = new nn.MSELoss();
const optimizer = new optim.RMSprop(model.parameters(), { lr: 0.008 });

for (let epoch = 0; epoch < 18; epoch++) {
  for (const [sequence, next] of loader) {
    optimizer.zeroGrad();
    const forecast = model(sequence);
    const loss = lossFunction(forecast, next);
    loss.backward();
    optimizer.step();
  }
}

model.eval();
const error = noGrad(() => model(testX).sub(testY).square().mean().item());
console.log('skill', 1 - error / testY.sub(testY.mean()).square().mean().item());
