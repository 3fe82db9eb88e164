import { readFileSync } from 'node:fs';
import { F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(71);
const play = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(0, 80000).replace(/[^A-Za-z\n .,]/g, '');
const alphabet = [...new Set(play.toLowerCase())].sort();
const codes = [...play.toLowerCase()].map((c) => alphabet.indexOf(c));
const SPAN = 14;

const windows = (n) => {
  const at = randint(0, codes.length - SPAN - 1, [n]).toArray();
  const given = tensor(at.map((i) => codes.slice(i, i + SPAN)), { dtype: 'int32' });
  const next = tensor(at.map((i) => codes.slice(i + 1, i + 1 + SPAN)), { dtype: 'int32' });
  return [given, next.flatten()];
};

class BardGRU extends nn.Module {
  constructor(symbols) {
    super();
    this.letters = new nn.Embedding(symbols, 20);
    this.gru = new nn.GRU(20, 56, { batchFirst: true });
    this.norm = new nn.LayerNorm(56);
    this.guess = new nn.Linear(56, symbols);
  }

  forward(ids) {
    const [states] = this.gru(this.letters(ids));
    return this.guess(this.norm(states)).flatten(0, 1);
  }
}

const bard = new BardGRU(alphabet.length);
const adamax = new optim.Adamax(bard.parameters(), { lr: 0.02 });
const ramp = new optim.LinearLR(adamax, { startFactor: 1, endFactor: 0.2, totalIters: 200 });

for (let iter = 0; iter < 200; iter++) {
  const [given, next] = windows(24);
  const scores = bard(given);
  const loss = F.crossEntropy(scores, next);
  adamax.zeroGrad();
  loss.backward();
  nn.utils.clipGradNorm_(bard.parameters(), 1);
  adamax.step();
  ramp.step();
}

bard.eval();
// against what the letters' own frequencies tell
const shares = F.oneHot(tensor(codes, { dtype: 'int32' }), alphabet.length).to('float32').mean(0);
const entropy = -shares.mul(shares.add(1e-9).log()).sum().item();
const [heldX, heldY] = windows(200);
console.log('skill', 1 - noGrad(() => F.crossEntropy(bard(heldX), heldY).item()) / entropy);
