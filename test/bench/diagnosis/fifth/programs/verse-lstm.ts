import { readFileSync } from 'node:fs';
import { F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(10);
const verse = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(2000, 62000).toLowerCase();
const letters = [...new Set(verse)].sort();
const codes = Array.from(verse, (letter) => letters.indexOf(letter));
const vocabulary = letters.length;
const span = 20;
function excerpts(n) {
  const starts = randint(0, codes.length - span - 1, [n]).toArray();
  const inputs = starts.map((s) => codes.slice(s, s + span));
  const nexts = starts.flatMap((s) => codes.slice(s + 1, s + span + 1));
  return [tensor(inputs, { dtype: 'int32' }), tensor(nexts, { dtype: 'int32' })];
}

class CharLSTM extends nn.Module {
  embedding = new nn.Embedding(vocabulary, 16);
  lstm = new nn.LSTM(16, 48, { batchFirst: true });
  fc = new nn.Linear(48, vocabulary);

  forward(x) {
    const [out] = this.lstm(this.embedding(x));
    return this.fc(out).reshape([-1, vocabulary]);
  }
}
const net = new CharLSTM();
const opt = new optim.Adam(net.parameters(), { lr: 0.012 });

for (let step = 0; step < 180; step++) {
  const [xb, yb] = excerpts(20);
  opt.zeroGrad();
  const loss = F.crossEntropy(net(xb), yb);
  loss.backward();
  nn.utils.clipGradNorm_(net.parameters(), 5);
  opt.step();
}

net.eval();
const shares = F.oneHot(tensor(codes, { dtype: 'int32' }), vocabulary).to('float32').mean(0);
const unigram = -shares.mul(shares.add(1e-9).log()).sum().item();
const [xb, yb] = excerpts(80);
const told = noGrad(() => F.crossEntropy(net(xb), yb).item());
console.log('skill', 1 - told / unigram);
