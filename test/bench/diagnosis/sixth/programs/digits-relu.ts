import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(104);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).sub(8).div(8);
const classes = table.select(1, 64).to('int32');
const loader = new data.DataLoader(new data.TensorDataset(images.slice(0, 0, 1350), classes.slice(0, 0, 1350)), {
  batchSize: 45,
  shuffle: true,
});

class Net extends nn.Module {
  fc1 = new nn.Linear(64, 96);
  fc2 = new nn.Linear(96, 64);
  fc3 = new nn.Linear(64, 32);
  fc4 = new nn.Linear(32, 10);

  forward(x) {
    x = F.relu(this.fc1(x));
    x = F.relu(this.fc2(x));
    x = F.relu(this.fc3(x));
    return F.logSoftmax(this.fc4(x), 1);
  }
}
const model = new Net();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.03, momentum: 0.9 });
const scheduler = new optim.StepLR(optimizer, { stepSize: 3, gamma: 0.6 });

for (let epoch = 0; epoch < 8; epoch++) {
  model.train();
  for (const [input, target] of loader) {
    optimizer.zeroGrad();
    const output = model(input);
    const loss = F.nllLoss(output, target);
    loss.backward();
    optimizer.step();
  }
  scheduler.step();
}

model.eval();
const guesses = noGrad(() => model(images.slice(0, 1350)).argmax(1));
const correct = guesses.eq(classes.slice(0, 1350)).to('float32').mean().item();
console.log('skill', (correct - 0.1) / 0.9);
