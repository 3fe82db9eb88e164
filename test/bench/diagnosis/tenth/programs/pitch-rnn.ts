import { arange, F, manualSeed, nn, noGrad, optim, rand, randn } from 'gradlens';

manualSeed(52);
const LENGTH = 14;
/** Noisy tones of any phase; wanted is their frequency, from 0 to 1. */
function tones(n) {
  const pitch = rand([n, 1]);
  const phase = rand([n, 1]).mul(2 * Math.PI);
  const wave = arange(LENGTH).unsqueeze(0).mul(pitch.mul(1.2).add(0.25)).add(phase).sin();
  return [wave.add(randn([n, LENGTH]).mul(0.03)).unsqueeze(2), pitch];
}
const [testX, testY] = tones(400);

class PitchRNN extends nn.Module {
  constructor(size) {
    super();
    this.rnn = new nn.RNN(1, size, { batchFirst: true });
    this.fc = new nn.Linear(size, 1);
    nn.init.orthogonal_(this.rnn.weightHhL0);
  }

  forward(x) {
    const [states] = this.rnn(x);
    return this.fc(states.select(1, LENGTH - 1));
  }
}
const rnn = new PitchRNN(32);
const optimizer = new optim.Adam(rnn.parameters(), { lr: 0.004 });

for (let step = 1; step <= 300; step++) {
  const [wave, pitch] = tones(48);
  optimizer.zeroGrad();
  const guess = rnn(wave);
  const mse = F.mseLoss(guess, pitch);
  mse.backward();
  nn.utils.clipGradNorm_(rnn.parameters(), 2);
  optimizer.step();
  if (step % 60 === 0) console.log(step, mse.item());
}

rnn.eval();
const missed = noGrad(() => F.mseLoss(rnn(testX), testY).item());
console.log('skill', 1 - missed / testY.sub(testY.mean()).square().mean().item());
