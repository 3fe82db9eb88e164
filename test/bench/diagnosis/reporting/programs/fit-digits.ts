import { data, F, manualSeed, metrics, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(65);
const sheet = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = sheet.slice(1, 0, 64).div(8).sub(1);
const labels = sheet.select(1, 64).to('int32');
const [trainX, trainY] = [images.slice(0, 0, 1280), labels.slice(0, 0, 1280)];
const [testX, testY] = [images.slice(0, 1280), labels.slice(0, 1280)];

class Trainer {
  constructor(model, optimizer, { accumulate }) {
    this.model = model;
    this.optimizer = optimizer;
    this.accumulate = accumulate;
    this.batches = 0;
  }

  trainBatch(x, y) {
    const scores = this.model(x);
    const loss = F.crossEntropy(scores, y);
    const part = loss.div(this.accumulate);
    part.backward();
    this.batches++;
    if (this.batches % this.accumulate === 0) {
      this.optimizer.step();
      this.optimizer.zeroGrad();
    }
  }

  fit(loader, epochs) {
    for (let epoch = 0; epoch < epochs; epoch++) {
      this.model.train();
      for (const [x, y] of loader) this.trainBatch(x, y);
      console.log(`epoch ${epoch}: accuracy ${this.evaluate(testX, testY).toFixed(3)}`);
    }
  }

  evaluate(x, y) {
    this.model.eval();
    return noGrad(() => metrics.accuracy(this.model(x), y));
  }
}

const classifier = new nn.Sequential(
  new nn.Linear(64, 64),
  new nn.BatchNorm1d(64),
  new nn.ReLU(),
  new nn.Dropout(0.15),
  new nn.Linear(64, 40),
  new nn.BatchNorm1d(40),
  new nn.ReLU(),
  new nn.Linear(40, 10),
);
const adamw = new optim.AdamW(classifier.parameters(), { lr: 0.004, weightDecay: 0.01 });
const trainer = new Trainer(classifier, adamw, { accumulate: 2 });
const dataset = new data.TensorDataset(trainX, trainY);
trainer.fit(new data.DataLoader(dataset, { batchSize: 32, shuffle: true }), 8);

console.log('skill', (trainer.evaluate(testX, testY) - 0.1) / 0.9);
