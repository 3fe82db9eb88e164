import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(105);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const [pixels, labels] = [table.slice(1, 0, 64).div(16), table.select(1, 64).to('int32')];
const split = 1300;

const dense = (from, to) => [new nn.Linear(from, to), new nn.BatchNorm1d(to), new nn.ReLU()];
const model = new nn.Sequential(...dense(64, 72), ...dense(72, 36), new nn.Dropout(0.1), new nn.Linear(36, 10));
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.006, weightDecay: 0.01 });

function* batches(size) {
  const order = randperm(split);
  for (let i = 0; i + size <= split; i += size) {
    const picked = order.slice(0, i, i + size);
    yield [pixels.indexSelect(0, picked), labels.indexSelect(0, picked)];
  }
}

for (let epoch = 0; epoch < 8; epoch++) {
  for (const [x, y] of batches(50)) {
    const logits = model(x);
    const loss = criterion(logits, y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
}

model.eval();
const accuracy = noGrad(() => model(pixels.slice(0, split)).argmax(1).eq(labels.slice(0, split)).to('float32').mean().item());
console.log('skill', (accuracy - 0.1) / 0.9);
