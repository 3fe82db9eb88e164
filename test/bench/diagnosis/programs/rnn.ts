import { F, manualSeed, nn, noGrad, optim, randn, zeros } from 'gradlens';

manualSeed(1);
const [length, features, width] = [20, 3, 24];
/** What is to be told: a mixture of the first elements and the mean of all. */
const truth = (x) => x.select(2, 0).slice(1, 0, 3).mean(1, { keepdim: true }).add(x.select(2, 1).mean(1, { keepdim: true }).mul(3));
const held = randn([256, length, features]);

class Recurrence extends nn.Module {
  embed = new nn.Linear(features, width);
  recurrent = new nn.Linear(width, width);
  readout = new nn.Linear(width, 1);

  constructor() {
    super();
    nn.init.orthogonal_(this.recurrent.weight);
  }

  forward(sequence) {
    let h = zeros([sequence.shape[0], width]);
    for (let t = 0; t < length; t++) {
      h = this.recurrent(h).add(this.embed(sequence.select(1, t))).tanh();
    }
    return this.readout(h);
  }
}
const model = new Recurrence();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.005 });

for (let step = 0; step < 240; step++) {
  const x = randn([48, length, features]);
  const y = truth(x);
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const wanted = truth(held);
const missed = noGrad(() => model(held).sub(wanted).square().mean().item());
console.log('skill', 1 - missed / wanted.sub(wanted.mean()).square().mean().item());
