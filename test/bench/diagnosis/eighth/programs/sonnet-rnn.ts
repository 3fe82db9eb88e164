import { readFileSync } from 'node:fs';
import { F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(711);
const sonnet = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(20000, 75000).toLowerCase();
const symbols = [...new Set(sonnet)].sort();
const codes = Array.from(sonnet, (symbol) => symbols.indexOf(symbol));
const span = 18;
function sample(count) {
  const starts = randint(0, codes.length - span - 1, [count]).toArray();
  return [0, 1].map((by) => tensor(starts.map((s) => codes.slice(s + by, s + by + span)), { dtype: 'int32' }));
}

class CharRnn extends nn.Module {
  embed = new nn.Embedding(symbols.length, 20);
  rnn = new nn.RNN(20, 56, { batchFirst: true });
  decode = new nn.Linear(56, symbols.length);

  forward(x) {
    const [states] = this.rnn(this.embed(x));
    return this.decode(states).flatten(0, 1);
  }
}
const charRnn = new CharRnn();
const optimizer = new optim.RMSprop(charRnn.parameters(), { lr: 0.003 });

for (let step = 0; step < 200; step++) {
  const [xb, next] = sample(16);
  const yb = next.flatten();
  const out = charRnn(xb);
  const loss = F.crossEntropy(out, yb);
  optimizer.zeroGrad();
  loss.backward();
  nn.utils.clipGradNorm_(charRnn.parameters(), 2);
  optimizer.step();
}

charRnn.eval();
const share = F.oneHot(tensor(codes, { dtype: 'int32' }), symbols.length).to('float32').mean(0);
const entropy = -share.mul(share.add(1e-9).log()).sum().item();
const [xs, ys] = sample(120);
console.log('skill', 1 - noGrad(() => F.crossEntropy(charRnn(xs), ys.flatten()).item()) / entropy);
