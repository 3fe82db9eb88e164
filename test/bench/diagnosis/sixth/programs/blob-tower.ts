import { F, manualSeed, nn, noGrad, optim, randint, randn, tensor } from 'gradlens';

manualSeed(107);
/** Nine clouds on a grid, of three classes. */
const classes = [0, 1, 2, 1, 2, 0, 2, 0, 1];
const clouds = randint(0, 9, [1200]).toArray();
const middles = tensor(clouds.map((cloud) => [(cloud % 3) - 1, Math.floor(cloud / 3) - 1]));
const x = middles.add(randn([1200, 2]).mul(0.17));
const y = tensor(clouds.map((cloud) => classes[cloud]), { dtype: 'int32' });
const [testX, testY] = [x.slice(0, 800), y.slice(0, 800)];

class DeepNet extends nn.Module {
  first = new nn.Linear(2, 32);
  hidden = new nn.ModuleList(Array.from({ length: 5 }, () => new nn.Linear(32, 32)));
  last = new nn.Linear(32, 3);

  constructor() {
    super();
    for (const layer of [this.first, ...this.hidden]) nn.init.xavierUniform_(layer.weight);
  }

  forward(x) {
    x = this.first(x).tanh();
    for (const layer of this.hidden) x = layer(x).tanh();
    return this.last(x);
  }
}
const model = new DeepNet();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.08, momentum: 0.9 });

for (let step = 0; step < 260; step++) {
  const from = (step * 80) % 800;
  const [inputs, targets] = [x.slice(0, from, from + 80), y.slice(0, from, from + 80)];
  optimizer.zeroGrad();
  const outputs = model(inputs);
  const loss = F.crossEntropy(outputs, targets);
  loss.backward();
  optimizer.step();
}

model.eval();
const correct = noGrad(() => model(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (correct - 1 / 3) / (2 / 3));
