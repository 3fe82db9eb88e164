import { eye, F, manualSeed, nn, noGrad, optim, rand, randn, randperm, tensor } from 'gradlens';

manualSeed(1);
const [nodes, groups] = [120, 3];
const group = randperm(nodes).remainder(groups).to('int32');
const alike = group.unsqueeze(1).eq(group.unsqueeze(0)).to('float32');
const drawn = rand([nodes, nodes]).lt(alike.mul(0.12).add(0.02)).to('float32').triu(1);
const apart = drawn.add(drawn.t()).add(eye(nodes)).eq(0);
const features = F.oneHot(group, groups).to('float32').mul(1.1).add(randn([nodes, groups]));
const known = tensor(Array.from({ length: 70 }, (_, i) => i), { dtype: 'int32' });
const unknown = tensor(Array.from({ length: 50 }, (_, i) => 70 + i), { dtype: 'int32' });

/** Veličković et al. 2018. */
class Attending extends nn.Module {
  constructor(inputs, outputs) {
    super();
    this.values = new nn.Linear(inputs, outputs);
    this.from = new nn.Linear(outputs, 1);
    this.to = new nn.Linear(outputs, 1);
  }

  forward(x) {
    const h = this.values(x);
    const scores = F.leakyRelu(this.from(h).add(this.to(h).t()), 0.2).maskedFill(apart, -1e9);
    return F.softmax(scores, 1).matmul(h);
  }
}
const model = new nn.Sequential(new Attending(groups, 24), new nn.ELU(), new Attending(24, 24), new nn.ELU(), new nn.Linear(24, groups));
const optimizer = new optim.Adam(model.parameters(), { lr: 0.008, weightDecay: 5e-4 });

for (let step = 0; step < 160; step++) {
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(features).indexSelect(0, known), group.indexSelect(0, known));
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(features).argmax(1).eq(group).to('float32').indexSelect(0, unknown).mean().item());
console.log('skill', (right - 1 / groups) / (1 - 1 / groups));
