import { eye, F, manualSeed, nn, noGrad, optim, rand, randn, randperm, tensor } from 'gradlens';

manualSeed(1);
const [nodes, groups] = [120, 4];
const group = randperm(nodes).remainder(groups).to('int32');
const alike = group.unsqueeze(1).eq(group.unsqueeze(0)).to('float32');
const drawn = rand([nodes, nodes]).lt(alike.mul(0.16).add(0.02)).to('float32').triu(1);
const linked = drawn.add(drawn.t()).add(eye(nodes));
const degree = linked.sum(1).pow(-0.5);
/** Normalized as Kipf & Welling 2017 do. */
const spread = linked.mul(degree.unsqueeze(1)).mul(degree.unsqueeze(0));
const features = F.oneHot(group, groups).to('float32').mul(0.8).add(randn([nodes, groups]));
const known = tensor(Array.from({ length: 60 }, (_, i) => i), { dtype: 'int32' });
const unknown = tensor(Array.from({ length: 60 }, (_, i) => 60 + i), { dtype: 'int32' });

class GraphNetwork extends nn.Module {
  first = new nn.Linear(groups, 24);
  second = new nn.Linear(24, 24);
  output = new nn.Linear(24, groups);

  forward(x) {
    const h = F.relu(spread.matmul(this.first(x)));
    return this.output(F.relu(spread.matmul(this.second(h))));
  }
}
const model = new GraphNetwork();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01, weightDecay: 5e-4 });

for (let step = 0; step < 160; step++) {
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(features).indexSelect(0, known), group.indexSelect(0, known));
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(features).argmax(1).eq(group).to('float32').indexSelect(0, unknown).mean().item());
console.log('skill', (right - 1 / groups) / (1 - 1 / groups));
