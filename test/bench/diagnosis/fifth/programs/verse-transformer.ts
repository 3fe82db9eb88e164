import { readFileSync } from 'node:fs';
import { arange, F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(13);
const verse = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(1000, 61000).toLowerCase();
const letters = [...new Set(verse)].sort();
const codes = Array.from(verse, (letter) => letters.indexOf(letter));
const [vocabulary, block, width] = [letters.length, 12, 32];
function excerpts(n) {
  const starts = randint(0, codes.length - block - 1, [n]).toArray();
  const inputs = starts.map((s) => codes.slice(s, s + block));
  const nexts = starts.flatMap((s) => codes.slice(s + 1, s + block + 1));
  return [tensor(inputs, { dtype: 'int32' }), tensor(nexts, { dtype: 'int32' })];
}

class Attend extends nn.Module {
  qkv = new nn.Linear(width, 3 * width, { bias: false });
  proj = new nn.Linear(width, width);

  forward(x) {
    const [n, t] = x.shape;
    const [q, k, v] = [0, 1, 2].map((i) =>
      this.qkv(x).slice(2, i * width, (i + 1) * width).reshape([n, t, 4, width / 4]).transpose(1, 2),
    );
    const out = F.scaledDotProductAttention(q, k, v, { isCausal: true });
    return this.proj(out.transpose(1, 2).reshape([n, t, width]));
  }
}

class Layer extends nn.Module {
  ln1 = new nn.LayerNorm(width);
  attend = new Attend();
  ln2 = new nn.LayerNorm(width);
  fc1 = new nn.Linear(width, 3 * width);
  fc2 = new nn.Linear(3 * width, width);

  forward(x) {
    const out = x.add(this.attend(this.ln1(x)));
    return out.add(this.fc2(this.fc1(this.ln2(out)).relu()));
  }
}

class LanguageModel extends nn.Module {
  tokens = new nn.Embedding(vocabulary, width);
  places = new nn.Embedding(block, width);
  layers = new nn.Sequential(new Layer(), new Layer());
  ln = new nn.LayerNorm(width);
  fc = new nn.Linear(width, vocabulary);

  forward(x) {
    const out = this.layers(this.tokens(x).add(this.places(arange(block))));
    return this.fc(this.ln(out)).reshape([-1, vocabulary]);
  }
}
const net = new LanguageModel();
const opt = new optim.AdamW(net.parameters(), { lr: 0.006, weightDecay: 0.01 });
const warm = new optim.LinearLR(opt, { startFactor: 0.1, totalIters: 20 });

for (let step = 0; step < 170; step++) {
  const [xb, yb] = excerpts(20);
  opt.zeroGrad();
  const loss = F.crossEntropy(net(xb), yb);
  loss.backward();
  opt.step();
  warm.step();
}

net.eval();
const shares = F.oneHot(tensor(codes, { dtype: 'int32' }), vocabulary).to('float32').mean(0);
const unigram = -shares.mul(shares.add(1e-9).log()).sum().item();
const [xb, yb] = excerpts(100);
const told = noGrad(() => F.crossEntropy(net(xb), yb).item());
console.log('skill', 1 - told / unigram);
