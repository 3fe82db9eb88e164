import { data, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(7);
const train = data.twoMoons(300, { noise: 0.15 });
const test = data.twoMoons(500, { noise: 0.15 });

class Net extends nn.Module {
  fc1 = new nn.Linear(2, 40);
  fc2 = new nn.Linear(40, 20);
  fc3 = new nn.Linear(20, 1);

  forward(x) {
    let out = this.fc1(x).relu();
    out = this.fc2(out).relu();
    return this.fc3(out).sigmoid();
  }
}
const net = new Net();
const criterion = new nn.BCELoss();
const opt = new optim.Adam(net.parameters(), { lr: 0.01 });

for (let epoch = 0; epoch < 200; epoch++) {
  const [xb, yb] = [train.x, train.y];
  opt.zeroGrad();
  const loss = criterion(net(xb), yb);
  loss.backward();
  opt.step();
}

net.eval();
const right = noGrad(() => net(test.x).gt(0.5).eq(test.y.gt(0.5)).to('float32').mean().item());
console.log('skill', 2 * right - 1);
