import { data, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(61);
const train = data.twoMoons(720, { noise: 0.15 });
const held = data.twoMoons(500, { noise: 0.15 });
const [trainX, trainY] = [train.x, train.y];
const [testX, testY] = [held.x, held.y];
const loader = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: 36, shuffle: true });

class MoonNet extends nn.Module {
  constructor(width) {
    super();
    this.inner = new nn.Linear(2, width);
    this.outer = new nn.Linear(width, width);
    this.last = new nn.Linear(width, 1);
  }

  forward(x) {
    const a = this.inner(x).relu();
    const b = this.outer(a).relu();
    return this.last(b);
  }
}

const net = new MoonNet(24);
const criterion = new nn.BCEWithLogitsLoss();
const adam = new optim.Adam(net.parameters(), { lr: 0.01 });

for (let epoch = 0; epoch < 16; epoch++) {
  let running = 0;
  for (const [points, sides] of loader) {
    adam.zeroGrad();
    const logits = net(points);
    const loss = criterion(logits, sides);
    loss.backward();
    adam.step();
    running += loss.item();
  }
  console.log(`epoch ${epoch + 1}, loss ${(running / loader.length).toFixed(4)}`);
}

net.eval();
const right = noGrad(() => net(testX).gt(0).eq(testY.gt(0.5)).to('float32').mean().item());
console.log('skill', 2 * right - 1);
