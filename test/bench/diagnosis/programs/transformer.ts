import { readFileSync } from 'node:fs';
import { arange, F, manualSeed, nn, noGrad, optim, randint, stack, tensor } from 'gradlens';

manualSeed(1);
const text = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(0, 50000).toLowerCase();
const alphabet = [...new Set(text)].sort();
const index = new Map(alphabet.map((c, i) => [c, i]));
const corpus = tensor(
  Array.from(text, (c) => index.get(c)),
  { dtype: 'int32' },
);
const [context, width] = [16, 32];
const excerpt = (n) => {
  const starts = randint(0, corpus.shape[0] - context - 1, [n]).toArray();
  const [x, y] = [0, 1].map((shift) => stack(starts.map((s) => corpus.slice(0, s + shift, s + shift + context))));
  return [x, y.reshape([-1])];
};

class Block extends nn.Module {
  norm1 = new nn.LayerNorm(width);
  attention = new nn.MultiheadAttention(width, 4, { batchFirst: true });
  norm2 = new nn.LayerNorm(width);
  mlp = new nn.Sequential(new nn.Linear(width, 4 * width), new nn.GELU(), new nn.Linear(4 * width, width));

  forward(x) {
    const n = this.norm1(x);
    const h = x.add(this.attention(n, n, n, { isCausal: true }));
    return h.add(this.mlp(this.norm2(h)));
  }
}

class CharTransformer extends nn.Module {
  token = new nn.Embedding(alphabet.length, width);
  position = new nn.Embedding(context, width);
  blocks = new nn.Sequential(new Block(), new Block());
  norm = new nn.LayerNorm(width);
  head = new nn.Linear(width, alphabet.length);

  forward(tokens) {
    const h = this.token(tokens).add(this.position(arange(context)));
    return this.head(this.norm(this.blocks(h))).reshape([-1, alphabet.length]);
  }
}
const model = new CharTransformer();
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.005 });

for (let step = 0; step < 200; step++) {
  const [x, y] = excerpt(16);
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const counts = F.oneHot(corpus, alphabet.length).to('float32').mean(0);
const entropy = -counts.mul(counts.add(1e-9).log()).sum().item();
const [x, y] = excerpt(64);
const logarithms = noGrad(() => model(x).logSoftmax(1).mul(F.oneHot(y, alphabet.length)).sum(1).mean().item());
console.log('skill', 1 + logarithms / entropy);
