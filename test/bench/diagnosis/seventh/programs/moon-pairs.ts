import { data, F, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(301);
const points = data.twoMoons(900, { noise: 0.13 });
const classes = points.y.flatten().to('int32');
const [trainX, trainY] = [points.x.slice(0, 0, 450), classes.slice(0, 0, 450)];
const [testX, testY] = [points.x.slice(0, 450), classes.slice(0, 450)];
const batches = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: 30, shuffle: true });

const net = new nn.Sequential(
  new nn.Linear(2, 32),
  new nn.Tanh(),
  new nn.Linear(32, 20),
  new nn.Tanh(),
  new nn.Linear(20, 2),
);
const opt = new optim.AdamW(net.parameters(), { lr: 0.012 });

for (let epoch = 0; epoch < 20; epoch++) {
  for (const [xs, ys] of batches) {
    const scores = net(xs);
    const cost = F.crossEntropy(scores, ys);
    opt.zeroGrad();
    cost.backward();
    opt.step();
  }
}

net.eval();
const right = noGrad(() => net(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', 2 * right - 1);
