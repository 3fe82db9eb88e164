import { data, manualSeed, nn, noGrad, optim, randint, randperm, tensor } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).div(8).sub(1);
const labels = table.select(1, 64).to('int32');
/** Pairs of digits, half of them of one kind: are they? */
const pairs = (n, from, to) => {
  const kinds = labels.slice(0, from, to).toArray();
  const members = Array.from({ length: 10 }, (_, kind) => kinds.flatMap((k, i) => (k === kind ? [from + i] : [])));
  const left = randint(from, to, [n]).toArray();
  const chance = randint(0, 1e6, [n]).toArray();
  const right = left.map((i, k) => {
    const own = members[kinds[i - from]];
    return k % 2 ? own[chance[k] % own.length] : from + (chance[k] % (to - from));
  });
  const [i, j] = [left, right].map((list) => tensor(list, { dtype: 'int32' }));
  return [images.indexSelect(0, i), images.indexSelect(0, j), labels.indexSelect(0, i).eq(labels.indexSelect(0, j)).to('float32')];
};
const [heldA, heldB, heldSame] = pairs(600, 1280, 1797);

const model = new nn.Sequential(
  new nn.Linear(64, 48),
  new nn.ReLU(),
  new nn.Linear(48, 32),
  new nn.ReLU(),
  new nn.Linear(32, 8),
);
const optimizer = new optim.Adam(model.parameters(), { lr: 0.004 });
const apart = (a, b) => model(a).sub(model(b)).square().sum(1).add(1e-6).sqrt();

for (let step = 0; step < 220; step++) {
  const [a, b, same] = pairs(96, 0, 1280);
  optimizer.zeroGrad();
  const far = apart(a, b);
  // Hadsell et al. 2006
  const loss = far.square().mul(same).add(far.neg().add(2).relu().square().mul(same.neg().add(1))).mean();
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => apart(heldA, heldB).lt(1).to('float32').eq(heldSame).to('float32').mean().item());
console.log('skill', (right - 0.5) / 0.5);
