import { cat, data, manualSeed, nn, noGrad, optim, rand, randn, tensor } from 'gradlens';

manualSeed(309);
/** Damped swings, seen with noise: how fast each of them swings. */
function swings(count) {
  const time = tensor([Array.from({ length: 16 }, (_, t) => t)]);
  const speed = rand([count, 1]).mul(0.9).add(0.3);
  const damping = rand([count, 1]).mul(0.08).add(0.02);
  const position = time.mul(speed).add(rand([count, 1]).mul(6)).sin().mul(time.mul(damping).neg().exp());
  const seen = position.add(randn([count, 16]).mul(0.02));
  return [seen.unsqueeze(2), speed.sub(0.75).mul(4)];
}
const [trainX, trainY] = swings(500);
const [testX, testY] = swings(250);
const batches = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: 25, shuffle: true });

class Reader extends nn.Module {
  gru = new nn.GRU(1, 24, { batchFirst: true });
  answer = new nn.Linear(48, 1);

  forward(sequence) {
    const [states] = this.gru(sequence);
    const summary = cat([states.select(1, 15), states.mean(1)], 1);
    return this.answer(summary);
  }
}
const reader = new Reader();
const optimizer = new optim.Adam(reader.parameters(), { lr: 0.01 });
const lossFn = new nn.MSELoss();

for (let epoch = 0; epoch < 12; epoch++) {
  for (const [xb, yb] of batches) {
    const guess = reader(xb);
    const loss = lossFn(guess, yb);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
}

reader.eval();
const error = noGrad(() => reader(testX).sub(testY).square().mean().item());
console.log('skill', 1 - error / testY.sub(testY.mean()).square().mean().item());
