import { F, manualSeed, nn, noGrad, optim, rand, randint, randn, where } from 'gradlens';

manualSeed(1);
const members = 12;
/** Sets of points on a ring, on a disc and in two heaps, all as wide; whatever their order. */
const sets = (n) => {
  const kinds = randint(0, 3, [n]).to('int32');
  const angle = rand([n, members, 1]).mul(6.28);
  const ring = (radius) => F.pad(angle.cos().mul(radius), [0, 1]).add(F.pad(angle.sin().mul(radius), [1, 0]));
  const heaps = F.pad(rand([n, members, 1]).lt(0.5).to('float32').mul(2).sub(1).mul(0.9), [0, 1]).add(randn([n, members, 2]).mul(0.3));
  const kind = kinds.reshape([n, 1, 1]);
  const points = where(kind.eq(0), ring(1), where(kind.eq(1), ring(rand([n, members, 1]).sqrt().mul(1.4)), heaps));
  return [points.add(randn([n, members, 2]).mul(0.05)), kinds];
};
const [heldX, heldY] = sets(400);

/** Zaheer et al. 2017. */
class DeepSet extends nn.Module {
  each = new nn.Sequential(new nn.Linear(2, 32), new nn.GELU(), new nn.Linear(32, 32), new nn.GELU());
  all = new nn.Sequential(new nn.Linear(32, 32), new nn.GELU(), new nn.Linear(32, 3));

  forward(x) {
    return this.all(this.each(x).mean(1));
  }
}
const model = new DeepSet();
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.005 });

for (let step = 0; step < 260; step++) {
  const [x, y] = sets(96);
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
