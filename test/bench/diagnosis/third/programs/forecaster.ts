import { F, manualSeed, nn, noGrad, optim, rand, randn, tensor } from 'gradlens';

manualSeed(1);
const length = 24;
/** Two waves on each other, with noise: what comes next at every time? */
const series = (n) => {
  const times = tensor(Array.from({ length: length + 1 }, (_, t) => t)).reshape([1, 1, length + 1]);
  const wave = (slow) => times.mul(rand([n, 1, 1]).mul(0.5).add(slow)).add(rand([n, 1, 1]).mul(6.28)).sin();
  const made = wave(0.2).add(wave(0.9)).add(randn([n, 1, length + 1]).mul(0.1));
  return [made.slice(2, 0, length), made.slice(2, 1, length + 1)];
};
const [heldX, heldY] = series(200);

/** Dilated and causal (van den Oord et al. 2016). */
class Causal extends nn.Module {
  constructor(channels, dilation) {
    super();
    this.dilation = dilation;
    this.filter = new nn.Conv1d(channels, channels, 3, { dilation });
    this.gate = new nn.Conv1d(channels, channels, 3, { dilation });
    this.mix = new nn.Conv1d(channels, channels, 1);
  }

  forward(x) {
    const padded = F.pad(x, [2 * this.dilation, 0]);
    return x.add(this.mix(this.filter(padded).tanh().mul(this.gate(padded).sigmoid())));
  }
}
const model = new nn.Sequential(
  new nn.Conv1d(1, 12, 1),
  new Causal(12, 1),
  new Causal(12, 2),
  new Causal(12, 4),
  new nn.Conv1d(12, 1, 1),
);
const optimizer = new optim.RMSprop(model.parameters(), { lr: 0.003 });

for (let step = 0; step < 180; step++) {
  const [x, y] = series(24);
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const missed = noGrad(() => model(heldX).sub(heldY).square().mean().item());
console.log('skill', 1 - missed / heldY.square().mean().item());
