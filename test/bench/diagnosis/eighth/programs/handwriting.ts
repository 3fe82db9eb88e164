import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(705);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const rows = table.slice(1, 0, 64);
const [mean, deviation] = [rows.mean(), rows.std()];
const scaled = rows.sub(mean).div(deviation);
const labels = table.select(1, 64).to('int32');
const [trainX, trainY] = [scaled.slice(0, 0, 1200), labels.slice(0, 0, 1200)];
const [validX, validY] = [scaled.slice(0, 1200, 1500), labels.slice(0, 1200, 1500)];
const [testX, testY] = [scaled.slice(0, 1500), labels.slice(0, 1500)];

const network = new nn.Sequential(
  new nn.Linear(64, 72),
  new nn.BatchNorm1d(72),
  new nn.GELU(),
  new nn.Linear(72, 36),
  new nn.BatchNorm1d(36),
  new nn.GELU(),
  new nn.Linear(36, 10),
);
const optimizer = new optim.AdamW(network.parameters(), { lr: 0.003, weightDecay: 0.02 });
const criterion = new nn.CrossEntropyLoss({ labelSmoothing: 0.05 });

for (let epoch = 0; epoch < 8; epoch++) {
  network.train();
  const shuffled = randperm(1200);
  for (let from = 0; from < 1200; from += 75) {
    const part = shuffled.slice(0, from, from + 75);
    const xb = trainX.indexSelect(0, part);
    const yb = trainY.indexSelect(0, part);
    const out = network(xb);
    const loss = criterion(out, yb);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
  network.eval();
  const told = noGrad(() => F.crossEntropy(network(validX), validY).item());
  console.log('epoch', epoch, 'validation', told);
}

network.eval();
const right = noGrad(() => network(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
