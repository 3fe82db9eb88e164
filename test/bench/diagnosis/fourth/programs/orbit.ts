import { F, manualSeed, nn, noGrad, optim, randn, stack } from 'gradlens';

manualSeed(1);
const [stages, pace] = [8, 0.25];
/** Where a pendulum with friction is after each stage; its law is to be found (Chen et al. 2018). */
const law = (z) => {
  const [angle, speed] = [z.slice(1, 0, 1), z.slice(1, 1, 2)];
  return [speed, angle.mul(1.5).sin().mul(-2).sub(speed.mul(0.3))];
};
const courses = (n) => {
  const x = randn([n, 2]);
  let z = x;
  const seen = [];
  for (let t = 0; t < stages; t++) {
    for (let k = 0; k < 5; k++) {
      const [turn, push] = law(z);
      z = stack([z.select(1, 0).add(turn.squeeze(1).mul(pace / 5)), z.select(1, 1).add(push.squeeze(1).mul(pace / 5))], 1);
    }
    seen.push(z);
  }
  return [x, stack(seen, 1)];
};
const [heldX, heldY] = courses(200);

class Flow extends nn.Module {
  field = new nn.Sequential(new nn.Linear(2, 32), new nn.Tanh(), new nn.Linear(32, 32), new nn.Tanh(), new nn.Linear(32, 2));

  forward(x) {
    let z = x;
    const seen = [];
    for (let t = 0; t < stages; t++) {
      z = z.add(this.field(z).mul(pace));
      seen.push(z);
    }
    return stack(seen, 1);
  }
}
const model = new Flow();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.008 });

for (let step = 0; step < 200; step++) {
  const [x, y] = courses(48);
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const missed = noGrad(() => model(heldX).sub(heldY).square().mean().item());
console.log('skill', 1 - missed / heldY.sub(heldX.unsqueeze(1)).square().mean().item());
