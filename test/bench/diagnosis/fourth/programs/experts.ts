import { F, manualSeed, nn, noGrad, optim, rand, randn, stack, where } from 'gradlens';

manualSeed(1);
/** Another law in each quarter of the plane. */
const drawn = (n) => {
  const x = rand([n, 2]).mul(4).sub(2);
  const [a, b] = [x.slice(1, 0, 1), x.slice(1, 1, 2)];
  const upper = where(a.gt(0), a.mul(2).sub(b), b.mul(2).sin().mul(2));
  const lower = where(a.gt(0), a.mul(b), a.neg().sub(1));
  return [x, where(b.gt(0), upper, lower).add(randn([n, 1]).mul(0.1))];
};
const [heldX, heldY] = drawn(600);

/** Jacobs et al. 1991. */
class Experts extends nn.Module {
  gate = new nn.Sequential(new nn.Linear(2, 24), new nn.ReLU(), new nn.Linear(24, 4));
  experts = new nn.ModuleList(
    Array.from({ length: 4 }, () => new nn.Sequential(new nn.Linear(2, 16), new nn.ReLU(), new nn.Linear(16, 1))),
  );

  forward(x) {
    const weights = this.gate(x).softmax(1);
    const told = stack([...this.experts].map((one) => one(x)), 2).squeeze(1);
    return told.mul(weights).sum(1, { keepdim: true });
  }
}
const model = new Experts();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.012 });

for (let step = 0; step < 260; step++) {
  const [x, y] = drawn(96);
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const missed = noGrad(() => model(heldX).sub(heldY).square().mean().item());
console.log('skill', 1 - missed / heldY.sub(heldY.mean()).square().mean().item());
