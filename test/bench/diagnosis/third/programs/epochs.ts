import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const [images, labels] = [table.slice(1, 0, 64).div(16), table.select(1, 64).to('int32')];
const training = new data.DataLoader(new data.TensorDataset(images.slice(0, 0, 1280), labels.slice(0, 0, 1280)), {
  batchSize: 40,
  shuffle: true,
});
const [heldX, heldY] = [images.slice(0, 1280), labels.slice(0, 1280)];

const layer = (inputs, outputs) =>
  new nn.Sequential(new nn.Linear(inputs, outputs), new nn.BatchNorm1d(outputs), new nn.ReLU());
const model = new nn.Sequential(layer(64, 48), layer(48, 48), layer(48, 32), new nn.Linear(32, 10));
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });

function trainEpoch() {
  model.train();
  for (const [x, y] of training) {
    optimizer.zeroGrad();
    const loss = criterion(model(x), y);
    loss.backward();
    optimizer.step();
  }
}

function accuracy() {
  model.eval();
  return noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
}

for (let epoch = 0; epoch < 6; epoch++) {
  trainEpoch();
  accuracy();
}
console.log('skill', (accuracy() - 0.1) / 0.9);
