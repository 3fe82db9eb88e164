import { data, F, manualSeed, nn, noGrad, optim, rand, tensor } from 'gradlens';

manualSeed(716);
const [side, cells] = [12, 3];
/** Pictures with a bright disc: which of nine cells has its middle, where in the cell, and how large it is. */
const chances = rand([500, 3]).toArray();
const pictures = rand([500, side, side]).mul(0.3).toArray();
const truths = chances.map(([a, b, c], i) => {
  const [y, x, radius] = [1.5 + a * 9, 1.5 + b * 9, 1.2 + c * 1.6];
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++)
      if (Math.hypot(row + 0.5 - y, column + 0.5 - x) < radius) pictures[i][row][column] = 1;
  const [cellY, cellX] = [Math.floor(y / 4), Math.floor(x / 4)];
  return { cell: cellY * cells + cellX, box: [y / 4 - cellY, x / 4 - cellX, radius / 3] };
});
const images = tensor(pictures).unsqueeze(1);
const owners = F.oneHot(tensor(truths.map(({ cell }) => cell), { dtype: 'int32' }), 9).to('float32');
const boxes = tensor(truths.map(({ box }) => box)).unsqueeze(2);
const parts = [images, owners, boxes];
const trainSet = new data.TensorDataset(...parts.map((all) => all.slice(0, 0, 400)));
const loader = new data.DataLoader(trainSet, { batchSize: 25, shuffle: true });
const [testX, testOwners, testBoxes] = parts.map((all) => all.slice(0, 400));

class CellDetector extends nn.Module {
  features = new nn.Sequential(
    new nn.Conv2d(1, 10, 3, { padding: 1 }),
    new nn.LeakyReLU(0.1),
    new nn.MaxPool2d(2),
    new nn.Conv2d(10, 20, 3, { padding: 1 }),
    new nn.LeakyReLU(0.1),
    new nn.MaxPool2d(2),
    new nn.Conv2d(20, 24, 3, { padding: 1 }),
    new nn.LeakyReLU(0.1),
  );
  head = new nn.Conv2d(24, 4, 1);

  forward(x) {
    const maps = this.features(x);
    return this.head(maps).flatten(2);
  }
}
const detector = new CellDetector();
const optimizer = new optim.Adam(detector.parameters(), { lr: 0.008 });

for (let epoch = 0; epoch < 13; epoch++) {
  for (const [xb, owner, box] of loader) {
    const out = detector(xb);
    const objectLoss = F.binaryCrossEntropyWithLogits(out.select(1, 0), owner);
    const placeLoss = out.slice(1, 1).sub(box).square().mul(owner.unsqueeze(1)).sum([1, 2]).mean();
    const loss = objectLoss.mul(2).add(placeLoss);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
}

detector.eval();
const answer = noGrad(() => detector(testX));
const found = answer.select(1, 0).argmax(1).eq(testOwners.argmax(1)).to('float32').mean().item();
const placed = answer.slice(1, 1).mul(testOwners.unsqueeze(1)).sum(2, { keepdim: true });
const missed = placed.sub(testBoxes).square().mean().item();
const spread = testBoxes.sub(testBoxes.mean(0)).square().mean().item();
console.log('skill', ((found - 1 / 9) / (8 / 9) + 1 - missed / spread) / 2);
