import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).reshape([-1, 1, 8, 8]).div(16);
const labels = table.select(1, 64).to('int32');
const [heldX, heldY] = [images.slice(0, 1280), labels.slice(0, 1280)];

class Block extends nn.Module {
  conv1 = new nn.Conv2d(12, 12, 3, { padding: 1 });
  norm1 = new nn.BatchNorm2d(12);
  conv2 = new nn.Conv2d(12, 12, 3, { padding: 1 });
  norm2 = new nn.BatchNorm2d(12);

  forward(x) {
    const h = this.norm1(this.conv1(x)).relu();
    return x.add(this.norm2(this.conv2(h))).relu();
  }
}

class ResNet extends nn.Module {
  stem = new nn.Conv2d(1, 12, 3, { padding: 1 });
  blocks = new nn.Sequential(new Block(), new Block(), new Block());
  output = new nn.Linear(12, 10);

  forward(x) {
    const h = this.blocks(this.stem(x).relu());
    return this.output(h.mean([2, 3]));
  }
}
const model = new ResNet();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
const decay = new optim.CosineAnnealingLR(optimizer, { tMax: 220 });

for (let step = 0; step < 220; step++) {
  const start = (step * 32) % 1280;
  const [x, y] = [images.slice(0, start, start + 32), labels.slice(0, start, start + 32)];
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
  decay.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
