import { F, manualSeed, nn, noGrad, optim, rand, randint, tensor } from 'gradlens';

manualSeed(78);
const side = 10;
/** A bright square and a bright plus on noise; every pixel is of nothing (0), the square (1) or the plus (2). */
const dice = rand([440, 4]).toArray();
const canvas = rand([440, side, side]).mul(0.5).toArray();
const truth = dice.map(([a, b, c, d], n) => {
  const mask = Array.from({ length: side }, () => Array(side).fill(0));
  const paint = (r, k, kind) => {
    mask[r][k] = kind;
    canvas[n][r][k] += 0.5;
  };
  const [top, left] = [Math.floor(a * 3), Math.floor(b * 7)];
  for (let r = 0; r < 3; r++) for (let k = 0; k < 3; k++) paint(top + r, left + k, 1);
  const [mid, at] = [6 + Math.floor(c * 2), 2 + Math.floor(d * 6)];
  for (const [r, k] of [[-1, 0], [0, -1], [0, 0], [0, 1], [1, 0]]) paint(mid + r, at + k, 2);
  return mask;
});
const images = tensor(canvas).sub(0.3).mul(3).unsqueeze(1);
const masks = tensor(truth, { dtype: 'int32' });
const [trainX, trainY] = [images.slice(0, 0, 340), masks.slice(0, 0, 340)];
const [testX, testY] = [images.slice(0, 340), masks.slice(0, 340)];

const segmenter = new nn.Sequential(
  new nn.Conv2d(1, 10, 3, { padding: 1 }),
  new nn.ReLU(),
  new nn.Conv2d(10, 14, 3, { padding: 2, dilation: 2 }),
  new nn.ReLU(),
  new nn.Conv2d(14, 14, 3, { padding: 1 }),
  new nn.ReLU(),
  new nn.Conv2d(14, 3, 1),
);
const optimizer = new optim.Adam(segmenter.parameters(), { lr: 0.006 });

for (let i = 0; i < 170; i++) {
  const rows = randint(0, 340, [16]);
  const picture = trainX.indexSelect(0, rows);
  const mask = trainY.indexSelect(0, rows);
  optimizer.zeroGrad();
  const scores = segmenter(picture);
  const loss = F.crossEntropy(scores, mask);
  loss.backward();
  optimizer.step();
}

segmenter.eval();
const found = noGrad(() => segmenter(testX).argmax(1));
// how much of the square and of the plus is found, and nothing else with them
const overlap = (kind) => {
  const [said, is] = [found.eq(kind), testY.eq(kind)];
  return said.logicalAnd(is).to('float32').sum().item() / said.logicalOr(is).to('float32').sum().add(1e-9).item();
};
console.log('skill', (overlap(1) + overlap(2)) / 2);
