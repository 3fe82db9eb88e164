import { F, manualSeed, nn, noGrad, optim, randn } from 'gradlens';

manualSeed(1);
const x = randn([1600, 6]);
const part = (i) => x.slice(1, i, i + 1);
/** What is ranked: no line will do. */
const scores = part(0).mul(part(1)).add(part(2).mul(2).sin()).add(part(3).abs()).add(part(4).mul(0.5));
const pairs = (from, to) => {
  const half = (from + to) / 2;
  const [a, b] = [x.slice(0, from, half), x.slice(0, half, to)];
  return [a, b, scores.slice(0, from, half).gt(scores.slice(0, half, to)).to('float32')];
};

const model = new nn.Sequential(
  new nn.Linear(6, 32),
  new nn.ELU(),
  new nn.Linear(32, 32),
  new nn.ELU(),
  new nn.Linear(32, 1),
);
const optimizer = new optim.Adam(model.parameters(), { lr: 0.008 });

for (let step = 0; step < 240; step++) {
  const start = (step * 160) % 1200;
  const [a, b, first] = pairs(start, start + 160);
  optimizer.zeroGrad();
  // RankNet (Burges et al. 2005)
  const loss = F.binaryCrossEntropyWithLogits(model(a).sub(model(b)), first);
  loss.backward();
  optimizer.step();
}

model.eval();
const [a, b, first] = pairs(1200, 1600);
const right = noGrad(() => model(a).gt(model(b)).to('float32').eq(first).to('float32').mean().item());
console.log('skill', (right - 0.5) / 0.5);
