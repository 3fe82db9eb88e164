import { data, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(23);
const rings = data.twoCircles(800, { noise: 0.06, factor: 0.45 });
const [testX, testY] = Object.values(data.twoCircles(500, { noise: 0.06, factor: 0.45 }));
const batches = new data.DataLoader(new data.TensorDataset(rings.x, rings.y), { batchSize: 50, shuffle: true });

const blocks = 11;
/** A layer and what bends it. */
function dense(from, to) {
  const layer = new nn.Linear(from, to);
  nn.init.xavierUniform_(layer.weight, { gain: 1.2 });
  nn.init.zeros_(layer.bias);
  return [layer, new nn.Tanh()];
}
const layers = [...dense(2, 24)];
for (let k = 1; k < blocks; k++) layers.push(...dense(24, 24));
layers.push(new nn.Linear(24, 1), new nn.Sigmoid());

const stack = new nn.Sequential(...layers);
const optimiser = new optim.RMSprop(stack.parameters(), { lr: 0.0015 });
const lossFunction = new nn.BCELoss();

for (let epoch = 0; epoch < 14; epoch++) {
  for (const [inputs, targets] of batches) {
    optimiser.zeroGrad();
    const outputs = stack(inputs);
    const loss = lossFunction(outputs, targets);
    loss.backward();
    optimiser.step();
  }
}

stack.eval();
const right = noGrad(() => stack(testX).gt(0.5).eq(testY.gt(0.5)).to('float32').mean().item());
console.log('skill', 2 * right - 1);
