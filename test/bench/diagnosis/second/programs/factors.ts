import { cat, F, manualSeed, nn, noGrad, optim, randint, randn } from 'gradlens';

manualSeed(1);
const [people, things, hidden] = [40, 50, 3];
const tastes = [randn([people, hidden]), randn([things, hidden])];
const rated = (n) => {
  const [who, what] = [randint(0, people, [n]).to('int32'), randint(0, things, [n]).to('int32')];
  const ratings = tastes[0].indexSelect(0, who).mul(tastes[1].indexSelect(0, what)).sum(1, { keepdim: true });
  return [[who, what], ratings.add(randn([n, 1]).mul(0.2))];
};
const [heldX, heldY] = rated(1000);

class Recommender extends nn.Module {
  person = new nn.Embedding(people, 12);
  thing = new nn.Embedding(things, 12);
  hidden = new nn.Linear(36, 48);
  output = new nn.Linear(48, 1);

  forward([who, what]) {
    const [p, t] = [this.person(who), this.thing(what)];
    return this.output(this.hidden(cat([p, t, p.mul(t)], 1)).relu());
  }
}
const model = new Recommender();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });

for (let step = 0; step < 300; step++) {
  const [x, y] = rated(256);
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const missed = noGrad(() => model(heldX).sub(heldY).square().mean().item());
console.log('skill', 1 - missed / heldY.sub(heldY.mean()).square().mean().item());
