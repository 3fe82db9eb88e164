import { cat, data, F, manualSeed, nn, noGrad, optim, randn, randperm } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).reshape([-1, 1, 8, 8]).div(8).sub(1);
const noisy = images.add(randn(images.shape).mul(0.5));
const [heldX, heldY] = [noisy.slice(0, 1280), images.slice(0, 1280)];

class UNet extends nn.Module {
  constructor() {
    super();
    this.outer = new nn.Conv2d(1, 10, 3, { padding: 1 });
    this.down = new nn.Conv2d(10, 16, 3, { stride: 2, padding: 1 });
    this.inner = new nn.Conv2d(16, 16, 3, { padding: 1 });
    this.up = new nn.ConvTranspose2d(16, 10, 2, { stride: 2 });
    this.join = new nn.Conv2d(20, 10, 3, { padding: 1 });
    this.last = new nn.Conv2d(10, 1, 1);
    this.bend = new nn.LeakyReLU(0.1);
  }

  forward(x) {
    const outer = this.bend(this.outer(x));
    const inner = this.bend(this.inner(this.bend(this.down(outer))));
    return this.last(this.bend(this.join(cat([outer, this.up(inner)], 1))));
  }
}
const model = new UNet();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.006 });

for (let step = 0; step < 160; step++) {
  const start = (step * 32) % 1280;
  const [x, y] = [noisy.slice(0, start, start + 32), images.slice(0, start, start + 32)];
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const missed = noGrad(() => model(heldX).sub(heldY).square().mean().item());
console.log('skill', 1 - missed / heldY.sub(heldY.mean(0)).square().mean().item());
