import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).reshape([-1, 1, 8, 8]).div(16);
const labels = table.select(1, 64).to('int32');
const [heldX, heldY] = [images.slice(0, 1280), labels.slice(0, 1280)];

class Block extends nn.Module {
  constructor(channels, wide) {
    super();
    this.norm1 = new nn.BatchNorm2d(channels);
    this.reduce = new nn.Conv2d(channels, 8, 1);
    this.norm2 = new nn.BatchNorm2d(8);
    this.conv = new nn.Conv2d(8, 8, 3, { padding: 1 });
    this.norm3 = new nn.BatchNorm2d(8);
    this.expand = new nn.Conv2d(8, wide, 1);
    this.shortcut = channels === wide ? new nn.Identity() : new nn.Conv2d(channels, wide, 1);
  }

  forward(x) {
    let h = this.reduce(this.norm1(x).relu());
    h = this.conv(this.norm2(h).relu());
    return this.shortcut(x).add(this.expand(this.norm3(h).relu()));
  }
}

class Network extends nn.Module {
  stem = new nn.Conv2d(1, 12, 3, { padding: 1, stride: 2 });
  blocks = new nn.Sequential(new Block(12, 16), new Block(16, 16), new Block(16, 24));
  output = new nn.Linear(24, 10);

  forward(x) {
    const h = this.blocks(this.stem(x));
    return this.output(h.relu().mean([2, 3]));
  }
}
const model = new Network();
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.01, weightDecay: 0.01 });

for (let step = 0; step < 220; step++) {
  const start = (step * 40) % 1280;
  const [x, y] = [images.slice(0, start, start + 40), labels.slice(0, start, start + 40)];
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
