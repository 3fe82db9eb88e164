import { arange, F, manualSeed, nn, noGrad, optim, rand, randn, stack } from 'gradlens';

manualSeed(70);
const T = 15;
/** Beats of two tones; wanted is at every place what comes next. */
function beats(n) {
  const at = arange(T + 1).unsqueeze(0);
  const tone = (slow) => at.mul(rand([n, 1]).mul(0.3).add(slow)).add(rand([n, 1]).mul(6.28)).sin();
  const wave = tone(0.3).add(tone(0.9)).mul(0.5).add(randn([n, T + 1]).mul(0.02));
  return [wave.slice(1, 0, T).unsqueeze(2), wave.slice(1, 1, T + 1).unsqueeze(2)];
}
const [testX, testY] = beats(300);

class Oracle extends nn.Module {
  cell = new nn.RNNCell(1, 28);
  tell = new nn.Linear(28, 1);

  forward(x) {
    let h;
    const told = [];
    for (let t = 0; t < T; t++) {
      h = this.cell(x.select(1, t), h);
      told.push(this.tell(h));
    }
    return stack(told, 1);
  }
}

const oracle = new Oracle();
const optimizer = new optim.Adam(oracle.parameters(), { lr: 0.006 });

for (let i = 0; i < 220; i++) {
  const [wave, next] = beats(32);
  optimizer.zeroGrad();
  const forecast = oracle(wave);
  const mse = F.mseLoss(forecast, next);
  mse.backward();
  nn.utils.clipGradNorm_(oracle.parameters(), 1);
  optimizer.step();
}

oracle.eval();
const missed = noGrad(() => oracle(testX).sub(testY).square().mean().item());
console.log('skill', 1 - missed / testY.sub(testY.mean()).square().mean().item());
