import { cat, F, manualSeed, nn, noGrad, optim, rand } from 'gradlens';

manualSeed(31);
const length = 10;
/** Numbers in turn; wanted is what a leaky sum of them comes to. */
function sequences(n) {
  const xs = rand([n, length, 1]).mul(2).sub(1);
  let total = xs.select(1, 0);
  for (let t = 1; t < length; t++) total = total.mul(0.8).add(xs.select(1, t));
  return [xs, total];
}
const [testX, testY] = sequences(400);

class Summer extends nn.Module {
  rnn = new nn.RNN(1, 24, { batchFirst: true });
  readout = new nn.Linear(24, 1);

  forward(x) {
    const [hidden] = this.rnn(x);
    return this.readout(hidden.select(1, length - 1));
  }
}
const summer = new Summer();
const optim1 = new optim.Adam(summer.parameters(), { lr: 0.005 });

for (let it = 0; it < 250; it++) {
  const [seq, total] = sequences(40);
  const guess = summer(seq);
  const err = F.mseLoss(guess, total);
  optim1.zeroGrad();
  err.backward();
  nn.utils.clipGradNorm_(summer.parameters(), 1);
  optim1.step();
}

summer.eval();
const missed = noGrad(() => summer(testX).sub(testY).square().mean().item());
console.log('skill', 1 - missed / cat([testY, testY.neg()]).square().mean().item());
