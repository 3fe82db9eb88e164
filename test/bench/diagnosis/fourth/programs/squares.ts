import { F, manualSeed, nn, noGrad, optim, randint, randn, tensor } from 'gradlens';

manualSeed(1);
const side = 12;
/** How many squares there are in a picture. */
const pictures = (n) => {
  const number = randint(1, 6, [n]).toArray();
  const pixels = number.map((many) => {
    const picture = Array.from({ length: side }, () => new Array(side).fill(0));
    const places = randint(0, side - 2, [many, 2]).toArray();
    for (const [r, k] of places) for (const dr of [0, 1]) for (const dk of [0, 1]) picture[r + dr][k + dk] += 1;
    return picture;
  });
  return [tensor(pixels).unsqueeze(1).add(randn([n, 1, side, side]).mul(0.2)), tensor(number).to('float32').unsqueeze(1)];
};
const [heldX, heldY] = pictures(200);

class Counter extends nn.Module {
  conv1 = new nn.Conv2d(1, 8, 3, { padding: 1 });
  conv2 = new nn.Conv2d(8, 12, 3, { padding: 1 });
  output = new nn.Linear(12, 1);

  forward(x) {
    const found = F.maxPool2d(this.conv1(x).relu(), 2);
    const h = this.conv2(found).relu().sum([2, 3]).div(9);
    return this.output(h);
  }
}
const model = new Counter();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.005 });

for (let step = 0; step < 180; step++) {
  const [x, y] = pictures(32);
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const missed = noGrad(() => model(heldX).sub(heldY).square().mean().item());
console.log('skill', 1 - missed / heldY.sub(heldY.mean()).square().mean().item());
