import { manualSeed, nn, noGrad, optim, rand, randn, tensor } from 'gradlens';

manualSeed(1);
const shares = tensor([0.1, 0.5, 0.9]);
/** What lies within which bounds, where the noise isn't the same everywhere. */
const drawn = (n) => {
  const x = rand([n, 2]).mul(4).sub(2);
  const [a, b] = [x.slice(1, 0, 1), x.slice(1, 1, 2)];
  return [x, a.mul(1.5).sin().mul(2).add(b.square().mul(0.5)).add(randn([n, 1]).mul(b.abs().mul(0.3).add(0.1)))];
};
const [heldX, heldY] = drawn(600);

const model = new nn.Sequential(
  new nn.Linear(2, 40),
  new nn.ReLU(),
  new nn.Linear(40, 32),
  new nn.ReLU(),
  new nn.Linear(32, 3),
);
const optimizer = new optim.Adam(model.parameters(), { lr: 0.006 });
/** Koenker & Bassett 1978. */
const tilted = (told, y) => {
  const over = y.sub(told);
  return over.mul(shares).maximum(over.mul(shares.sub(1))).mean();
};

for (let step = 0; step < 240; step++) {
  const [x, y] = drawn(96);
  optimizer.zeroGrad();
  const loss = tilted(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const sorted = heldY.flatten().toArray().sort((a, b) => a - b);
const constant = tensor([sorted[60], sorted[300], sorted[540]]).unsqueeze(0);
const told = noGrad(() => tilted(model(heldX), heldY).item());
console.log('skill', 1 - told / tilted(constant, heldY).item());
