import { F, manualSeed, nn, noGrad, optim, randn, tensor } from 'gradlens';

manualSeed(1);
const bounds = tensor([-1.2, -0.3, 0.5, 1.4]);
/** Grades of 0 to 4: of each bound, whether it's passed (Niu et al. 2016). */
const drawn = (n) => {
  const x = randn([n, 6]);
  const part = (i) => x.slice(1, i, i + 1);
  const worth = part(0).mul(part(1)).add(part(2).mul(1.5).sin()).add(part(3).mul(0.7)).add(randn([n, 1]).mul(0.2));
  return [x, worth.gt(bounds.unsqueeze(0)).to('float32')];
};
const [heldX, heldY] = drawn(500);

class Grades extends nn.Module {
  constructor() {
    super();
    this.body = new nn.Sequential(new nn.Linear(6, 40), new nn.Tanh(), new nn.Linear(40, 32), new nn.Tanh());
    this.worth = new nn.Linear(32, 1, { bias: false });
    this.bounds = new nn.Parameter(tensor([-1, -0.3, 0.3, 1]));
  }

  forward(x) {
    return this.worth(this.body(x)).sub(this.bounds);
  }
}
const model = new Grades();
const optimizer = new optim.RMSprop(model.parameters(), { lr: 0.004 });

for (let step = 0; step < 260; step++) {
  const [x, y] = drawn(96);
  optimizer.zeroGrad();
  const loss = F.binaryCrossEntropyWithLogits(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const grade = (passed) => passed.to('float32').sum(1);
const missed = noGrad(() => grade(model(heldX).gt(0)).sub(grade(heldY)).abs().mean().item());
const middle = grade(heldY).sub(2).abs().mean().item();
console.log('skill', 1 - missed / middle);
