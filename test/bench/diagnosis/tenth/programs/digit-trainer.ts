import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(45);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const X = table.slice(1, 0, 64).div(16).sub(0.5);
const Y = table.select(1, 64).to('int32');
const part = (from, to) => new data.TensorDataset(X.slice(0, from, to), Y.slice(0, from, to));
const trainLoader = new data.DataLoader(part(0, 1200), { batchSize: 40, shuffle: true });
const [validX, validY] = [X.slice(0, 1200, 1450), Y.slice(0, 1200, 1450)];
const [testX, testY] = [X.slice(0, 1450), Y.slice(0, 1450)];

class MLP extends nn.Module {
  constructor(inputs, hidden, classes) {
    super();
    this.hidden = new nn.Linear(inputs, hidden);
    this.second = new nn.Linear(hidden, hidden / 2);
    this.output = new nn.Linear(hidden / 2, classes);
    this.relu = new nn.ReLU();
  }

  forward(x) {
    const h = this.relu(this.hidden(x));
    return this.output(this.relu(this.second(h)));
  }
}

const model = new MLP(64, 96, 10);
const optimizer = new optim.Adam(model.parameters(), { lr: 0.0025 });
const criterion = new nn.CrossEntropyLoss();

/** Trains until the validation set has not improved three times in a row. */
class Trainer {
  best = Infinity;
  waited = 0;

  fit(loader, epochs) {
    for (let epoch = 0; epoch < epochs && this.waited < 3; epoch++) {
      model.train();
      for (const [images, labels] of loader) this.batch(images, labels);
      model.eval();
      const valid = noGrad(() => criterion(model(validX), validY).item());
      this.waited = valid < this.best ? 0 : this.waited + 1;
      this.best = Math.min(this.best, valid);
    }
  }

  batch(images, labels) {
    optimizer.zeroGrad();
    const logits = model(images);
    const loss = criterion(logits, labels);
    loss.backward();
    optimizer.step();
  }
}
new Trainer().fit(trainLoader, 9);

model.eval();
const right = noGrad(() => model(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
