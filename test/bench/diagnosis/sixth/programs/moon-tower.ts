import { data, F, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(106);
const train = data.twoMoons(500, { noise: 0.1 });
const test = data.twoMoons(500, { noise: 0.1 });

function buildModel(depth, width) {
  const layers = [];
  for (let i = 0; i < depth; i++) {
    const linear = new nn.Linear(i > 0 ? width : 2, width);
    nn.init.kaimingUniform_(linear.weight, { nonlinearity: 'relu' });
    layers.push(linear, new nn.ReLU());
  }
  return new nn.Sequential(...layers, new nn.Linear(width, 1), new nn.Sigmoid());
}
const model = buildModel(8, 28);
const criterion = new nn.BCELoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.0025 });

for (let epoch = 0; epoch < 24; epoch++) {
  for (let i = 0; i < 500; i += 50) {
    const [inputs, targets] = [train.x.slice(0, i, i + 50), train.y.slice(0, i, i + 50)];
    optimizer.zeroGrad();
    const outputs = model(inputs);
    const loss = criterion(outputs, targets);
    loss.backward();
    optimizer.step();
  }
}

model.eval();
const correct = noGrad(() => model(test.x).gt(0.5).eq(test.y.gt(0.5)).to('float32').mean().item());
console.log('skill', 2 * correct - 1);
