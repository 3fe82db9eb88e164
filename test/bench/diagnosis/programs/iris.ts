import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./iris.csv', import.meta.url), { skipRows: 1 }).indexSelect(0, randperm(150));
const raw = table.slice(1, 0, 4);
const features = raw.sub(raw.mean(0)).div(raw.std(0));
const labels = table.select(1, 4).to('int32');
const [x, y] = [features.slice(0, 0, 100), labels.slice(0, 0, 100)];
const [heldX, heldY] = [features.slice(0, 100), labels.slice(0, 100)];

class Classifier extends nn.Module {
  input = new nn.Linear(4, 24);
  hidden = new nn.Linear(24, 24);
  output = new nn.Linear(24, 3);

  forward(x) {
    const h = this.input(x).tanh();
    return this.output(this.hidden(h).tanh());
  }
}
const model = new Classifier();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });

for (let step = 0; step < 220; step++) {
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
