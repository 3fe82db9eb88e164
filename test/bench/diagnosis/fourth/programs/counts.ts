import { F, manualSeed, nn, noGrad, optim, randn } from 'gradlens';

manualSeed(1);
/** How often something happens, by what is known of a day: numbers from 0 on, the larger the more scattered. */
const drawn = (n) => {
  const x = randn([n, 5]);
  const part = (i) => x.slice(1, i, i + 1);
  const often = part(0).mul(0.8).sin().add(part(1).abs().mul(0.7)).add(part(2).mul(part(3)).mul(0.4)).clamp({ max: 2.2 }).exp().mul(2);
  return [x, often.add(often.sqrt().mul(randn([n, 1]))).clamp({ min: 0 }).round(), often];
};
const [heldX, , heldOften] = drawn(600);

const model = new nn.Sequential(
  new nn.Linear(5, 40),
  new nn.GELU(),
  new nn.Linear(40, 24),
  new nn.GELU(),
  new nn.Linear(24, 1),
);
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.006 });

for (let step = 0; step < 220; step++) {
  const [x, y] = drawn(96);
  optimizer.zeroGrad();
  const loss = F.poissonNllLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const missed = noGrad(() => model(heldX).sub(heldOften.log()).square().mean().item());
console.log('skill', 1 - missed / heldOften.log().sub(heldOften.log().mean()).square().mean().item());
