import { readFileSync } from 'node:fs';
import { arange, F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(713);
const script = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(5000, 60000).toLowerCase();
const symbols = [...new Set(script)].sort();
const codes = Array.from(script, (symbol) => symbols.indexOf(symbol));
const [window, size, heads] = [8, 32, 2];
/** Eight symbols, and the ninth. */
function sample(count) {
  const starts = randint(0, codes.length - window, [count]).toArray();
  const read = tensor(starts.map((s) => codes.slice(s, s + window)), { dtype: 'int32' });
  return [read, tensor(starts.map((s) => codes[s + window]), { dtype: 'int32' })];
}

class Attention extends nn.Module {
  query = new nn.Linear(size, size);
  key = new nn.Linear(size, size);
  value = new nn.Linear(size, size);
  mix = new nn.Linear(size, size);

  forward(x) {
    const split = (t) => t.reshape([t.shape[0], window, heads, size / heads]).transpose(1, 2);
    const [q, k, v] = [split(this.query(x)), split(this.key(x)), split(this.value(x))];
    const weights = q.matmul(k.transpose(2, 3)).div(Math.sqrt(size / heads)).softmax(3);
    return this.mix(weights.matmul(v).transpose(1, 2).reshape(x.shape));
  }
}

class Scribe extends nn.Module {
  token = new nn.Embedding(symbols.length, size);
  place = new nn.Embedding(window, size);
  attention = new Attention();
  norm1 = new nn.LayerNorm(size);
  feed = new nn.Sequential(
    new nn.Linear(size, 96),
    new nn.ReLU(),
    new nn.Linear(96, size),
  );
  norm2 = new nn.LayerNorm(size);
  head = new nn.Linear(window * size, symbols.length);

  forward(x) {
    const embedded = this.token(x).add(this.place(arange(window)));
    const attended = this.norm1(embedded.add(this.attention(embedded)));
    const fed = this.norm2(attended.add(this.feed(attended)));
    return this.head(fed.flatten(1));
  }
}
const scribe = new Scribe();
const optimizer = new optim.Adam(scribe.parameters(), { lr: 0.003 });
const warmup = new optim.LinearLR(optimizer, { startFactor: 0.2, totalIters: 25 });

for (let step = 0; step < 260; step++) {
  const [xb, yb] = sample(64);
  const out = scribe(xb);
  const loss = F.crossEntropy(out, yb);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  warmup.step();
}

scribe.eval();
const share = F.oneHot(tensor(codes, { dtype: 'int32' }), symbols.length).to('float32').mean(0);
const entropy = -share.mul(share.add(1e-9).log()).sum().item();
const [xs, ys] = sample(1200);
console.log('skill', 1 - noGrad(() => F.crossEntropy(scribe(xs), ys).item()) / entropy);
