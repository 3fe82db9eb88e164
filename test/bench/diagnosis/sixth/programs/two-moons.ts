import { data, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(101);
const trainSet = data.twoMoons(400, { noise: 0.14 });
const testSet = data.twoMoons(600, { noise: 0.14 });
const loader = new data.DataLoader(new data.TensorDataset(trainSet.x, trainSet.y), { batchSize: 32, shuffle: true });

const model = new nn.Sequential(
  new nn.Linear(2, 24),
  new nn.ReLU(),
  new nn.Linear(24, 24),
  new nn.ReLU(),
  new nn.Linear(24, 1),
);
const criterion = new nn.BCEWithLogitsLoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.008 });

function train() {
  model.train();
  for (const [points, moons] of loader) {
    optimizer.zeroGrad();
    const logits = model(points);
    const loss = criterion(logits, moons);
    loss.backward();
    optimizer.step();
  }
}

function accuracy() {
  model.eval();
  return noGrad(() => model(testSet.x).gt(0).eq(testSet.y.gt(0.5)).to('float32').mean().item());
}

for (let epoch = 0; epoch < 18; epoch++) train();
console.log('skill', 2 * accuracy() - 1);
