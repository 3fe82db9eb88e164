import { F, manualSeed, nn, noGrad, optim, randn, stack, zeros } from 'gradlens';

manualSeed(1);
const length = 16;
/** Where something is that moves with a drifting speed, by what a noisy sensor says: what Kalman 1960 solves. */
const courses = (n) => {
  let [place, speed] = [randn([n]), randn([n]).mul(0.3)];
  const [seen, true_] = [[], []];
  for (let t = 0; t < length; t++) {
    speed = speed.mul(0.95).add(randn([n]).mul(0.08));
    place = place.mul(0.98).add(speed);
    true_.push(place);
    seen.push(place.add(randn([n]).mul(0.6)));
  }
  return [stack(seen, 1).unsqueeze(2), stack(true_, 1).unsqueeze(2)];
};
const [heldX, heldY] = courses(300);

class Tracker extends nn.Module {
  cell = new nn.GRUCell(1, 24);
  output = new nn.Linear(24, 1);

  forward(x) {
    let state = zeros([x.shape[0], 24]);
    const told = [];
    for (let t = 0; t < length; t++) {
      state = this.cell(x.select(1, t), state);
      told.push(this.output(state));
    }
    return stack(told, 1);
  }
}
const model = new Tracker();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });

for (let step = 0; step < 200; step++) {
  const [x, y] = courses(48);
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const missed = noGrad(() => model(heldX).sub(heldY).square().mean().item());
console.log('skill', 1 - missed / heldY.sub(heldY.mean()).square().mean().item());
