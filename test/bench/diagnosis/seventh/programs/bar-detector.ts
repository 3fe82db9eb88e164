import { data, F, manualSeed, nn, noGrad, optim, rand, tensor } from 'gradlens';

manualSeed(313);
const side = 10;
/** Pictures with one bright bar, upright or level: which of both, and where its middle and ends are. */
const chances = rand([560, 4]).toArray();
const grain = rand([560, side, side]).mul(0.25).toArray();
const scenes = chances.map(([a, b, c, d], i) => {
  const upright = d < 0.5;
  const long = 3 + Math.floor(a * 4);
  const [height, breadth] = upright ? [long, 2] : [2, long];
  const [top, left] = [Math.floor(b * (side - height + 1)), Math.floor(c * (side - breadth + 1))];
  const inside = (y, x) => y >= top && y < top + height && x >= left && x < left + breadth;
  const picture = grain[i].map((line, y) => line.map((value, x) => (inside(y, x) ? value + 0.75 : value)));
  return { picture: [picture], box: [top + height / 2, left + breadth / 2, height, breadth].map((v) => v / side), kind: upright ? 1 : 0 };
});
const pictures = tensor(scenes.map(({ picture }) => picture));
const boxes = tensor(scenes.map(({ box }) => box));
const kinds = tensor(scenes.map(({ kind }) => kind), { dtype: 'int32' });
const parts = [pictures, boxes, kinds];
const batches = new data.DataLoader(new data.TensorDataset(...parts.map((all) => all.slice(0, 0, 420))), { batchSize: 30, shuffle: true });
const [testX, testBoxes, testKinds] = parts.map((all) => all.slice(0, 420));

class BarDetector extends nn.Module {
  backbone = new nn.Sequential(
    new nn.Conv2d(1, 10, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.Conv2d(10, 14, 3, { stride: 2, padding: 1 }),
    new nn.ReLU(),
    new nn.Flatten(),
    new nn.Linear(14 * 5 * 5, 40),
    new nn.ReLU(),
  );
  where = new nn.Linear(40, 4);
  which = new nn.Linear(40, 2);

  forward(x) {
    const seen = this.backbone(x);
    return [this.where(seen), this.which(seen)];
  }
}
const detector = new BarDetector();
const optimizer = new optim.AdamW(detector.parameters(), { lr: 0.004 });

for (let epoch = 0; epoch < 14; epoch++) {
  for (const [xb, box, kind] of batches) {
    const [place, scores] = detector(xb);
    const boxLoss = F.l1Loss(place, box);
    const kindLoss = F.crossEntropy(scores, kind);
    const loss = boxLoss.mul(5).add(kindLoss);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
}

detector.eval();
const [places, answers] = noGrad(() => detector(testX));
const spread = testBoxes.sub(testBoxes.mean(0)).square().mean().item();
const missed = places.sub(testBoxes).square().mean().item();
const right = answers.argmax(1).eq(testKinds).to('float32').mean().item();
console.log('skill', (1 - missed / spread + 2 * right - 1) / 2);
