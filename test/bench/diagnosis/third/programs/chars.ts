import { readFileSync } from 'node:fs';
import { F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(1);
const length = 12;
const text = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(50000, 90000).toLowerCase();
const alphabet = [...new Set(text)].sort();
const codes = Array.from(text, (c) => alphabet.indexOf(c));
const excerpts = (n) => {
  const starts = randint(0, codes.length - length - 1, [n]).toArray();
  const from = (offset) => tensor(starts.map((s) => codes.slice(s + offset, s + offset + length)), { dtype: 'int32' });
  return [from(0), from(1)];
};
const [heldX, heldY] = excerpts(200);

class LanguageModel extends nn.Module {
  embedding = new nn.Embedding(alphabet.length, 16);
  lstm = new nn.LSTM(16, 48, { batchFirst: true });
  output = new nn.Linear(48, alphabet.length);

  forward(tokens) {
    const [states] = this.lstm(this.embedding(tokens));
    return this.output(states);
  }
}
const model = new LanguageModel();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.012 });

for (let step = 0; step < 200; step++) {
  const [x, y] = excerpts(24);
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x).flatten(0, 1), y.flatten());
  loss.backward();
  nn.utils.clipGradNorm_(model.parameters(), 1);
  optimizer.step();
}

model.eval();
const counts = F.oneHot(tensor(codes, { dtype: 'int32' }), alphabet.length).to('float32').mean(0);
const entropy = -counts.mul(counts.add(1e-9).log()).sum().item();
const missed = noGrad(() => F.crossEntropy(model(heldX).flatten(0, 1), heldY.flatten()).item());
console.log('skill', 1 - missed / entropy);
