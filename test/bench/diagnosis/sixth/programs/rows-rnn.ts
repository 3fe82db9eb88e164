import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(112);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
/** A picture is read row by row, from top to bottom. */
const rows = table.slice(1, 0, 64).div(16).reshape([-1, 8, 8]);
const labels = table.select(1, 64).to('int32');
const [testRows, testLabels] = [rows.slice(0, 1344), labels.slice(0, 1344)];

class RowRNN extends nn.Module {
  rnn = new nn.RNN(8, 40, { batchFirst: true });
  fc = new nn.Linear(40, 10);

  forward(x) {
    const [states] = this.rnn(x);
    return this.fc(states.select(1, 7));
  }
}
const model = new RowRNN();
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.005 });

for (let step = 0; step < 252; step++) {
  const from = (step * 64) % 1344;
  const [sequence, target] = [rows.slice(0, from, from + 64), labels.slice(0, from, from + 64)];
  optimizer.zeroGrad();
  const logits = model(sequence);
  const loss = criterion(logits, target);
  loss.backward();
  nn.utils.clipGradNorm_(model.parameters(), 2);
  optimizer.step();
}

model.eval();
const correct = noGrad(() => model(testRows).argmax(1).eq(testLabels).to('float32').mean().item());
console.log('skill', (correct - 0.1) / 0.9);
