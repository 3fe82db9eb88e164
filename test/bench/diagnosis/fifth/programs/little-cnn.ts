import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(8);
const csv = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pictures = csv.slice(1, 0, 64).div(16).reshape([-1, 1, 8, 8]);
const digits = csv.select(1, 64).to('int32');
const [testX, testY] = [pictures.slice(0, 1400), digits.slice(0, 1400)];

class ConvNet extends nn.Module {
  conv1 = new nn.Conv2d(1, 10, 3, { padding: 1 });
  conv2 = new nn.Conv2d(10, 20, 3, { padding: 1 });
  fc1 = new nn.Linear(20 * 2 * 2, 40);
  fc2 = new nn.Linear(40, 10);

  forward(x) {
    let out = F.maxPool2d(this.conv1(x).relu(), 2);
    out = F.maxPool2d(this.conv2(out).relu(), 2);
    out = this.fc1(out.flatten(1)).relu();
    return this.fc2(out);
  }
}
const net = new ConvNet();
const opt = new optim.SGD(net.parameters(), { lr: 0.06, momentum: 0.9 });

for (let step = 0; step < 240; step++) {
  const from = (step * 40) % 1400;
  const [xb, yb] = [pictures.slice(0, from, from + 40), digits.slice(0, from, from + 40)];
  opt.zeroGrad();
  const loss = F.crossEntropy(net(xb), yb);
  loss.backward();
  opt.step();
}

net.eval();
const right = noGrad(() => net(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
