import { arange, cat, F, manualSeed, nn, noGrad, optim, rand, randint, randn } from 'gradlens';

manualSeed(58);
const SIDE = 10;
/** Discs on a noisy ground, a little brighter; and their masks. */
function scenes(n) {
  const place = () => rand([n, 1, 1]).mul(SIDE - 4).add(1.5);
  const [row, column] = [arange(SIDE).reshape([1, -1, 1]), arange(SIDE).reshape([1, 1, -1])];
  const radius = rand([n, 1, 1]).mul(1.6).add(1.4);
  const away = row.sub(place()).square().add(column.sub(place()).square()).sqrt();
  const mask = away.lt(radius).to('float32').unsqueeze(1);
  return [mask.mul(0.8).add(randn([n, 1, SIDE, SIDE]).mul(0.3)), mask];
}
const [pictures, masks] = scenes(400);
const [testX, testY] = scenes(100);

class UNet extends nn.Module {
  down1 = new nn.Conv2d(1, 6, 3, { padding: 1 });
  down2 = new nn.Conv2d(6, 12, 3, { padding: 1 });
  up1 = new nn.ConvTranspose2d(12, 6, 2, { stride: 2 });
  up2 = new nn.Conv2d(12, 6, 3, { padding: 1 });
  last = new nn.Conv2d(6, 1, 1);

  forward(x) {
    const fine = F.relu(this.down1(x));
    const coarse = F.relu(this.down2(F.maxPool2d(fine, 2)));
    const joined = cat([fine, this.up1(coarse)], 1);
    return this.last(F.relu(this.up2(joined)));
  }
}
const unet = new UNet();
const optimizer = new optim.Adam(unet.parameters(), { lr: 0.008 });

for (let i = 0; i < 180; i++) {
  const chosen = randint(0, 400, [20]);
  const picture = pictures.indexSelect(0, chosen);
  const mask = masks.indexSelect(0, chosen);
  const drawn = unet(picture);
  const loss = F.binaryCrossEntropyWithLogits(drawn, mask);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
}

unet.eval();
// Dice, the share of a mask that is found and right
const found = noGrad(() => unet(testX).gt(0).to('float32'));
console.log('skill', (2 * found.mul(testY).sum().item()) / (found.sum().item() + testY.sum().item()));
