import { data, manualSeed, nn, noGrad, optim, rand } from 'gradlens';

manualSeed(702);
/** Points of a board of three by three fields, black and white in turn. */
function board(count) {
  const places = rand([count, 2]).mul(3);
  const field = places.floor().sum(1).remainder(2);
  return [places.sub(1.5), field.to('int32')];
}
const [trainX, trainY] = board(900);
const [testX, testY] = board(500);
const loader = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: 60, shuffle: true });

const hidden = 8;
const units = 32;
const layers = [];
for (let i = 0; i < hidden; i++) {
  const dense = new nn.Linear(i === 0 ? 2 : units, units);
  nn.init.kaimingUniform_(dense.weight, { nonlinearity: 'relu' });
  layers.push(dense, new nn.ReLU());
}
const net = new nn.Sequential(...layers, new nn.Linear(units, 2));
const optimizer = new optim.Adam(net.parameters(), { lr: 0.004 });
const criterion = new nn.CrossEntropyLoss();

for (let epoch = 0; epoch < 24; epoch++) {
  for (const [xb, yb] of loader) {
    optimizer.zeroGrad();
    const out = net(xb);
    const loss = criterion(out, yb);
    loss.backward();
    optimizer.step();
  }
}

net.eval();
const right = noGrad(() => net(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', 2 * right - 1);
