import { F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(1);
const size = 5;
const states = size * size;
const discount = 0.9;
const moves = [[0, 1], [0, -1], [1, 0], [-1, 0]];
const inside = (k) => Math.max(0, Math.min(size - 1, k));
const next = Array.from({ length: states }, (_, s) => moves.map(([r, k]) => inside(Math.floor(s / size) + r) * size + inside((s % size) + k)));
const goal = states - 1;
const places = F.oneHot(tensor(Array.from({ length: states }, (_, s) => s), { dtype: 'int32' }), states).to('float32');

/** What is true, by iteration. */
let values = new Array(states).fill(0);
const valued = () => next.map((to, s) => to.map((t) => (s === goal ? 0 : t === goal ? 1 : discount * values[t])));
for (let i = 0; i < 60; i++) values = valued().map((row) => Math.max(...row));
const truth = tensor(valued());

const network = () => new nn.Sequential(new nn.Linear(states, 48), new nn.ReLU(), new nn.Linear(48, 32), new nn.ReLU(), new nn.Linear(32, 4));
const model = network();
const target = network();
target.loadStateDict(model.stateDict());
const optimizer = new optim.Adam(model.parameters(), { lr: 0.004 });

for (let step = 0; step < 400; step++) {
  const [from, moved] = [randint(0, states, [64]), randint(0, 4, [64])].map((t) => t.toArray());
  const to = from.map((s, i) => next[s][moved[i]]);
  const chosen = F.oneHot(tensor(moved, { dtype: 'int32' }), 4);
  const ends = tensor(from.map((s, i) => (s === goal || to[i] === goal ? 1 : 0)));
  const paid = tensor(from.map((s, i) => (s !== goal && to[i] === goal ? 1 : 0)));
  const after = noGrad(() => target(places.indexSelect(0, tensor(to, { dtype: 'int32' }))).amax(1));
  const x = places.indexSelect(0, tensor(from, { dtype: 'int32' }));
  const y = paid.add(after.mul(discount).mul(ends.neg().add(1)));
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x).mul(chosen).sum(1), y);
  loss.backward();
  optimizer.step();
  if (step % 15 === 14) target.loadStateDict(model.stateDict());
}

model.eval();
const missed = noGrad(() => model(places).sub(truth).square().mean().item());
console.log('skill', 1 - missed / truth.sub(truth.mean()).square().mean().item());
