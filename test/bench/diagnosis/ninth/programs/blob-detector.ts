import { F, manualSeed, nn, noGrad, optim, rand, randint, tensor } from 'gradlens';

manualSeed(37);
const size = 12;
/** A rectangle on noise: its middle, height and width in parts of the picture; and whether it is bright or dark. */
const draws = rand([600, 5]).toArray();
const canvases = rand([600, size, size]).mul(0.2).add(0.4).toArray();
const boxes = draws.map(([a, b, c, d, e], n) => {
  const [h, w] = [3 + c * 4, 3 + d * 4];
  const [top, left] = [a * (size - h), b * (size - w)];
  for (let r = 0; r < size; r++)
    for (let k = 0; k < size; k++)
      if (r + 0.5 > top && r + 0.5 < top + h && k + 0.5 > left && k + 0.5 < left + w) canvases[n][r][k] = e < 0.5 ? 0 : 1;
  return [(top + h / 2) / size, (left + w / 2) / size, h / size, w / size];
});
const images = tensor(canvases).unsqueeze(1);
const truth = tensor(boxes);
const kinds = tensor(draws.map((draw) => (draw[4] < 0.5 ? 0 : 1)), { dtype: 'int32' });

class Detector extends nn.Module {
  backbone = new nn.Sequential(
    new nn.Conv2d(1, 8, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(8, 16, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(16 * 3 * 3, 40),
    new nn.ReLU(),
  );
  boxHead = new nn.Linear(40, 4);
  kindHead = new nn.Linear(40, 2);

  forward(x) {
    const shared = this.backbone(x);
    return { box: this.boxHead(shared), kind: this.kindHead(shared) };
  }
}
const detector = new Detector();
const optimizer = new optim.Adam(detector.parameters(), { lr: 0.004 });

for (let step = 0; step < 240; step++) {
  const rows = randint(0, 480, [32]);
  const found = detector(images.indexSelect(0, rows));
  const boxLoss = F.smoothL1Loss(found.box, truth.indexSelect(0, rows));
  const kindLoss = F.crossEntropy(found.kind, kinds.indexSelect(0, rows));
  const total = boxLoss.mul(20).add(kindLoss);
  optimizer.zeroGrad();
  total.backward();
  optimizer.step();
}

detector.eval();
const { box, kind } = noGrad(() => detector(images.slice(0, 480)));
const held = truth.slice(0, 480);
const missed = box.sub(held).square().mean().item() / held.sub(held.mean(0)).square().mean().item();
const right = kind.argmax(1).eq(kinds.slice(0, 480)).to('float32').mean().item();
console.log('skill', (1 - missed + 2 * right - 1) / 2);
