import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(710);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
/** A picture is a sequence of eight columns. */
const columns = table.slice(1, 0, 64).div(16).reshape([-1, 8, 8]).transpose(1, 2).contiguous();
const labels = table.select(1, 64).to('int32');
const trainSet = new data.TensorDataset(columns.slice(0, 0, 1320), labels.slice(0, 0, 1320));
const [testX, testY] = [columns.slice(0, 1320), labels.slice(0, 1320)];
const loader = new data.DataLoader(trainSet, { batchSize: 40, shuffle: true });

class Reader extends nn.Module {
  lstm = new nn.LSTM(8, 40, { batchFirst: true });
  drop = new nn.Dropout(0.1);
  out = new nn.Linear(40, 10);

  forward(x) {
    const [states] = this.lstm(x);
    const last = states.select(1, 7);
    return this.out(this.drop(last));
  }
}
const reader = new Reader();
const optimizer = new optim.NAdam(reader.parameters(), { lr: 0.01 });

for (let epoch = 0; epoch < 6; epoch++) {
  reader.train();
  for (const [xb, yb] of loader) {
    optimizer.zeroGrad();
    const out = reader(xb);
    const loss = F.crossEntropy(out, yb);
    loss.backward();
    optimizer.step();
  }
}

reader.eval();
const right = noGrad(() => reader(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
