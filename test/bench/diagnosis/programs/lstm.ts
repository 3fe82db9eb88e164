import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const rows = table.slice(1, 0, 64).reshape([-1, 8, 8]).div(16);
const labels = table.select(1, 64).to('int32');
const [heldX, heldY] = [rows.slice(0, 1280), labels.slice(0, 1280)];

class Reader extends nn.Module {
  lstm = new nn.LSTM(8, 32, { batchFirst: true });
  output = new nn.Linear(32, 10);

  forward(x) {
    const [states] = this.lstm(x);
    return this.output(states.select(1, -1));
  }
}
const model = new Reader();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });

for (let step = 0; step < 240; step++) {
  const start = (step * 64) % 1280;
  const [x, y] = [rows.slice(0, start, start + 64), labels.slice(0, start, start + 64)];
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
