import { readFileSync } from 'node:fs';
import { F, manualSeed, nn, noGrad, ones, optim, randint, randn, tensor } from 'gradlens';

manualSeed(310);
const play = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(0, 60000).toLowerCase();
const alphabet = [...new Set(play)].sort();
const codes = Array.from(play, (letter) => alphabet.indexOf(letter));
const [context, size, heads] = [10, 24, 3];
function draw(count) {
  const starts = randint(0, codes.length - context - 1, [count]).toArray();
  const windows = (by) => tensor(starts.map((s) => codes.slice(s + by, s + by + context)), { dtype: 'int32' });
  return [windows(0), windows(1).flatten()];
}
const future = ones([context, context]).triu(1).gt(0);

class Block extends nn.Module {
  norm1 = new nn.LayerNorm(size);
  attention = new nn.MultiheadAttention(size, heads, { batchFirst: true });
  norm2 = new nn.LayerNorm(size);
  expand = new nn.Linear(size, 3 * size);
  contract = new nn.Linear(3 * size, size);

  forward(x) {
    const normed = this.norm1(x);
    const [attended] = this.attention(normed, normed, normed, { attnMask: future });
    const middle = x.add(attended);
    return middle.add(this.contract(F.gelu(this.expand(this.norm2(middle)))));
  }
}

class Transformer extends nn.Module {
  letters = new nn.Embedding(alphabet.length, size);
  places = new nn.Parameter(randn([context, size]).mul(0.1));
  blocks = new nn.Sequential(new Block(), new Block());
  head = new nn.Linear(size, alphabet.length);

  forward(x) {
    const embedded = this.letters(x).add(this.places);
    const encoded = this.blocks(embedded);
    return this.head(encoded).reshape([-1, alphabet.length]);
  }
}
const transformer = new Transformer();
const optimizer = new optim.Adam(transformer.parameters(), { lr: 0.006, betas: [0.9, 0.99] });

for (let step = 0; step < 220; step++) {
  const [xb, yb] = draw(24);
  const logits = transformer(xb);
  const loss = F.crossEntropy(logits, yb);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
}

transformer.eval();
const share = F.oneHot(tensor(codes, { dtype: 'int32' }), alphabet.length).to('float32').mean(0);
const entropy = -share.mul(share.add(1e-9).log()).sum().item();
const [xs, ys] = draw(120);
console.log('skill', 1 - noGrad(() => F.crossEntropy(transformer(xs), ys).item()) / entropy);
