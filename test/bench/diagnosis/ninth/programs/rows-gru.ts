import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(33);
const digits = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const lines = digits.slice(1, 0, 64).div(16).reshape([-1, 8, 8]);
const names = digits.select(1, 64).to('int32');
const trainData = new data.TensorDataset(lines.slice(0, 0, 1350), names.slice(0, 0, 1350));
const [testX, testY] = [lines.slice(0, 1350), names.slice(0, 1350)];
const loader = new data.DataLoader(trainData, { batchSize: 54, shuffle: true });

class RowReader extends nn.Module {
  gru = new nn.GRU(8, 40, { batchFirst: true });
  fc = new nn.Linear(40, 10);

  forward(x) {
    const [out] = this.gru(x);
    return this.fc(out.select(1, 7));
  }
}
const reader = new RowReader();
const optimizer = new optim.AdamW(reader.parameters(), { lr: 0.01, weightDecay: 0.005 });
const scheduler = new optim.StepLR(optimizer, { stepSize: 4, gamma: 0.6 });

for (let epoch = 0; epoch < 10; epoch++) {
  for (const [batch, truth] of loader) {
    const pred = reader(batch);
    const loss = F.crossEntropy(pred, truth);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
  scheduler.step();
}

reader.eval();
const right = noGrad(() => reader(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
