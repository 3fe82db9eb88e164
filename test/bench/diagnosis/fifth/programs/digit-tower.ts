import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(5);
const csv = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pixels = csv.slice(1, 0, 64).div(8).sub(1);
const digits = csv.select(1, 64).to('int32');
const [testX, testY] = [pixels.slice(0, 1400), digits.slice(0, 1400)];

class Tower extends nn.Module {
  enter = new nn.Linear(64, 40);
  dense = new nn.ModuleList();
  leave = new nn.Linear(40, 10);

  constructor(layers) {
    super();
    for (let i = 0; i < layers; i++) this.dense.append(new nn.Linear(40, 40));
    for (const layer of [this.enter, ...this.dense]) nn.init.xavierNormal_(layer.weight);
  }

  forward(x) {
    let out = this.enter(x).tanh();
    for (const layer of this.dense) out = layer(out).tanh();
    return this.leave(out);
  }
}
const net = new Tower(6);
const opt = new optim.SGD(net.parameters(), { lr: 0.04, momentum: 0.9 });

for (let step = 0; step < 260; step++) {
  const from = (step * 50) % 1400;
  const [xb, yb] = [pixels.slice(0, from, from + 50), digits.slice(0, from, from + 50)];
  opt.zeroGrad();
  const loss = F.crossEntropy(net(xb), yb);
  loss.backward();
  opt.step();
}

net.eval();
const right = noGrad(() => net(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
