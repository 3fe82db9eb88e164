import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(6);
const csv = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pictures = csv.slice(1, 0, 64).div(16).reshape([-1, 1, 8, 8]);
const digits = csv.select(1, 64).to('int32');
const [testX, testY] = [pictures.slice(0, 1400), digits.slice(0, 1400)];

class ResidualBlock extends nn.Module {
  constructor(from, to, stride) {
    super();
    this.conv1 = new nn.Conv2d(from, to, 3, { stride, padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(to);
    this.conv2 = new nn.Conv2d(to, to, 3, { padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(to);
    this.shortcut = from === to ? new nn.Identity() : new nn.Conv2d(from, to, 1, { stride, bias: false });
  }

  forward(x) {
    let out = this.bn1(this.conv1(x)).relu();
    out = this.bn2(this.conv2(out));
    return out.add(this.shortcut(x)).relu();
  }
}

class ResNet8 extends nn.Module {
  conv = new nn.Conv2d(1, 8, 3, { padding: 1, bias: false });
  bn = new nn.BatchNorm2d(8);
  stage1 = new ResidualBlock(8, 8, 1);
  stage2 = new ResidualBlock(8, 16, 2);
  stage3 = new ResidualBlock(16, 24, 2);
  fc = new nn.Linear(24, 10);

  forward(x) {
    let out = this.bn(this.conv(x)).relu();
    out = this.stage3(this.stage2(this.stage1(out)));
    return this.fc(out.mean([2, 3]));
  }
}
const net = new ResNet8();
const opt = new optim.Adam(net.parameters(), { lr: 0.004 });

for (let step = 0; step < 180; step++) {
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
