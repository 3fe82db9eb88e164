// Segments discs with a small U-Net: ConvTranspose2d, skip connections, Dice and cross-entropy, IoU.
import { arange, cat, F, manualSeed, metrics, nn, noGrad, optim, rand, randint, stack, type Tensor } from 'gradlens';

manualSeed(2);
const SIZE = 16;
function discs(n: number): [Tensor, Tensor] {
  const axis = arange(SIZE).float();
  const pictures: Tensor[] = [];
  const masks: Tensor[] = [];
  for (let i = 0; i < n; i++) {
    const [cx, cy] = randint(4, 12, [2]).tolist();
    const inside = axis.sub(cx).square().unsqueeze(0).add(axis.sub(cy).square().unsqueeze(1)).lt(12);
    pictures.push(
      inside
        .float()
        .add(rand([SIZE, SIZE]).mul(0.5))
        .unsqueeze(0),
    );
    masks.push(inside.long());
  }
  return [stack(pictures), stack(masks)];
}

const block = (i: number, o: number) =>
  new nn.Sequential(
    new nn.Conv2d(i, o, 3, { padding: 1, bias: false }),
    new nn.BatchNorm2d(o),
    new nn.ReLU(true),
    new nn.Conv2d(o, o, 3, { padding: 1, bias: false }),
    new nn.BatchNorm2d(o),
    new nn.ReLU(true),
  );

class UNet extends nn.Module<[Tensor], Tensor> {
  down1 = block(1, 8);
  down2 = block(8, 16);
  bottom = block(16, 32);
  pool = new nn.MaxPool2d(2);
  up2 = new nn.ConvTranspose2d(32, 16, 2, { stride: 2 });
  dec2 = block(32, 16);
  up1 = new nn.ConvTranspose2d(16, 8, 2, 2);
  dec1 = block(16, 8);
  head = new nn.Conv2d(8, 2, 1);

  override forward(x: Tensor): Tensor {
    const d1 = this.down1(x);
    const d2 = this.down2(this.pool(d1));
    const b = this.bottom(this.pool(d2));
    const u2 = this.dec2(cat([this.up2(b), d2], 1));
    const u1 = this.dec1(cat([this.up1(u2), d1], 1));
    return this.head(u1);
  }
}
const model = new UNet();
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.01, weightDecay: 1e-4 });
const schedule = new optim.OneCycleLR(optimizer, { maxLr: 0.01, totalSteps: 30 });
const [x, y] = discs(16);
for (let step = 0; step < 30; step++) {
  const logits = model(x);
  const p = F.softmax(logits, 1).select(1, 1);
  const t = y.float();
  const dice = p
    .mul(t)
    .sum([1, 2])
    .mul(2)
    .add(1)
    .div(
      p
        .sum([1, 2])
        .add(t.sum([1, 2]))
        .add(1),
    );
  const loss = F.crossEntropy(logits, y).add(dice.neg().add(1).mean());
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  schedule.step();
}
model.eval();
noGrad(() => {
  const [vx, vy] = discs(8);
  const predicted = model(vx).argmax(1);
  console.log(JSON.stringify(metrics.segmentationIou(predicted, vy)));
});
