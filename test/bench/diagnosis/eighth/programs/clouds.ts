import { F, manualSeed, nn, noGrad, optim, randint, randn, randperm } from 'gradlens';

manualSeed(703);
/** Clouds in five dimensions, two of every one of four classes. */
const centres = randn([8, 5]).mul(1.6);
const cloud = randint(0, 8, [1100]);
const points = centres.indexSelect(0, cloud).add(randn([1100, 5]).mul(0.45));
const classes = cloud.remainder(4).to('int32');
const [trainX, trainY] = [points.slice(0, 0, 700), classes.slice(0, 0, 700)];
const [testX, testY] = [points.slice(0, 700), classes.slice(0, 700)];

class Dense extends nn.Module {
  constructor(inputs, outputs) {
    super();
    this.linear = new nn.Linear(inputs, outputs);
    this.bend = new nn.ELU();
    nn.init.xavierUniform_(this.linear.weight);
    nn.init.zeros_(this.linear.bias);
  }

  forward(x) {
    return this.bend(this.linear(x));
  }
}
const depth = 12;
const width = 20;
const stacked = new nn.Sequential(
  new Dense(5, width),
  ...Array.from({ length: depth - 1 }, () => new Dense(width, width)),
  new nn.Linear(width, 4),
);
const rms = new optim.RMSprop(stacked.parameters(), { lr: 0.001, alpha: 0.95 });

for (let step = 0; step < 300; step++) {
  const some = randperm(700).slice(0, 0, 40);
  const xb = trainX.indexSelect(0, some);
  const yb = trainY.indexSelect(0, some);
  const out = stacked(xb);
  const loss = F.crossEntropy(out, yb);
  rms.zeroGrad();
  loss.backward();
  rms.step();
}

stacked.eval();
const right = noGrad(() => stacked(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.25) / 0.75);
