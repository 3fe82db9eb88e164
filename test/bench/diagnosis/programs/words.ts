import { readFileSync } from 'node:fs';
import { F, manualSeed, nn, noGrad, optim, randint, stack, tensor } from 'gradlens';

manualSeed(1);
const text = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(0, 50000).toLowerCase();
const alphabet = [...new Set(text)].sort();
const index = new Map(alphabet.map((c, i) => [c, i]));
const codes = Array.from(text, (c) => index.get(c));
const excerpt = (n) => {
  const starts = randint(0, codes.length - 4, [n]).toArray();
  return [tensor(starts.map((s) => codes.slice(s, s + 3)), { dtype: 'int32' }), tensor(starts.map((s) => codes[s + 3]), { dtype: 'int32' })];
};

class NextCharacter extends nn.Module {
  embedding = new nn.Embedding(alphabet.length, 12);
  hidden = new nn.Linear(36, 64);
  output = new nn.Linear(64, alphabet.length);

  forward(tokens) {
    const h = this.embedding(tokens).flatten(1);
    return this.output(this.hidden(h).tanh());
  }
}
const model = new NextCharacter();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });

for (let step = 0; step < 240; step++) {
  const [x, y] = excerpt(64);
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const counts = F.oneHot(tensor(codes, { dtype: 'int32' }), alphabet.length).to('float32').mean(0);
const entropy = -counts.mul(counts.add(1e-9).log()).sum().item();
const [x, y] = excerpt(1000);
const logarithms = noGrad(() => model(x).logSoftmax(1).mul(F.oneHot(y, alphabet.length)).sum(1).mean().item());
console.log('skill', 1 + logarithms / entropy);
