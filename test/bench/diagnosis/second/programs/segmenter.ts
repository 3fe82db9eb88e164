import { F, manualSeed, nn, noGrad, optim, rand, tensor } from 'gradlens';

manualSeed(1);
const size = 10;
const numbers = rand([256, 3]).toArray();
const scenes = numbers.map(([a, b, c]) => {
  const [row, column, radius] = [2 + a * 6, 2 + b * 6, 1.5 + c * 1.5];
  return Array.from({ length: size }, (_, r) =>
    Array.from({ length: size }, (_, k) => (Math.hypot(r - row, k - column) < radius ? 1 : 0)),
  );
});
const masks = tensor(scenes).unsqueeze(1);
const images = masks
  .mul(0.5)
  .add(rand([256, 1, size, size]).mul(0.9))
  .sub(0.5);
const [heldX, heldY] = [images.slice(0, 200), masks.slice(0, 200)];

const model = new nn.Sequential(
  new nn.Conv2d(1, 10, 3, { padding: 1 }),
  new nn.ReLU(),
  new nn.Conv2d(10, 12, 3, { padding: 1 }),
  new nn.ReLU(),
  new nn.Conv2d(12, 1, 3, { padding: 1 }),
);
const optimizer = new optim.Adam(model.parameters(), { lr: 0.005 });

for (let step = 0; step < 200; step++) {
  const start = (step * 20) % 200;
  const [x, y] = [images.slice(0, start, start + 20), masks.slice(0, start, start + 20)];
  optimizer.zeroGrad();
  const loss = F.binaryCrossEntropyWithLogits(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const told = noGrad(() => model(heldX).gt(0).to('float32'));
console.log('skill', (2 * told.mul(heldY).sum().item()) / (told.sum().item() + heldY.sum().item()));
