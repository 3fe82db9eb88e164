import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(110);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).div(16).reshape([-1, 1, 8, 8]);
const labels = table.select(1, 64).to('int32');
const [testX, testY] = [images.slice(0, 1360), labels.slice(0, 1360)];

class PreActBlock extends nn.Module {
  constructor(channels) {
    super();
    this.bn1 = new nn.BatchNorm2d(channels);
    this.conv1 = new nn.Conv2d(channels, channels, 3, { padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(channels);
    this.conv2 = new nn.Conv2d(channels, channels, 3, { padding: 1, bias: false });
  }

  forward(x) {
    let out = this.conv1(F.relu(this.bn1(x)));
    out = this.conv2(F.relu(this.bn2(out)));
    return x.add(out);
  }
}

class PreActResNet extends nn.Module {
  stem = new nn.Conv2d(1, 8, 3, { padding: 1 });
  layer1 = new nn.Sequential(new PreActBlock(8), new PreActBlock(8));
  down = new nn.Conv2d(8, 16, 3, { stride: 2, padding: 1 });
  layer2 = new PreActBlock(16);
  norm = new nn.BatchNorm2d(16);
  head = new nn.Linear(16, 10);

  forward(x) {
    x = this.layer1(this.stem(x));
    x = this.layer2(this.down(x));
    x = F.relu(this.norm(x)).mean([2, 3]);
    return this.head(x);
  }
}
const model = new PreActResNet();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.08, momentum: 0.9 });
const scheduler = new optim.CosineAnnealingLR(optimizer, { tMax: 120 });

for (let step = 0; step < 120; step++) {
  const from = (step * 40) % 1360;
  const [inputs, targets] = [images.slice(0, from, from + 40), labels.slice(0, from, from + 40)];
  optimizer.zeroGrad();
  const outputs = model(inputs);
  const loss = F.crossEntropy(outputs, targets);
  loss.backward();
  optimizer.step();
  scheduler.step();
}

model.eval();
const correct = noGrad(() => model(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (correct - 0.1) / 0.9);
