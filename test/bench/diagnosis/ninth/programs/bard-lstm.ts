import { readFileSync } from 'node:fs';
import { F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(32);
const text = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(0, 50000).toLowerCase();
const chars = [...new Set(text)].sort();
const ids = Array.from(text, (c) => chars.indexOf(c));
const seqLen = 16;

function getBatch(size) {
  const from = randint(0, ids.length - seqLen - 1, [size]).toArray();
  const x = tensor(from.map((i) => ids.slice(i, i + seqLen)), { dtype: 'int32' });
  const y = tensor(from.map((i) => ids.slice(i + 1, i + 1 + seqLen)), { dtype: 'int32' });
  return [x, y.flatten()];
}

class BardLSTM extends nn.Module {
  embedding = new nn.Embedding(chars.length, 24);
  lstm = new nn.LSTM(24, 48, { batchFirst: true });
  decoder = new nn.Linear(48, chars.length);

  forward(x) {
    const [hs] = this.lstm(this.embedding(x));
    return this.decoder(hs.flatten(0, 1));
  }
}
const bard = new BardLSTM();
const optimizer = new optim.Adam(bard.parameters(), { lr: 0.008 });
const criterion = new nn.CrossEntropyLoss();

for (let step = 1; step <= 220; step++) {
  const [x, y] = getBatch(20);
  optimizer.zeroGrad();
  const logits = bard(x);
  const loss = criterion(logits, y);
  loss.backward();
  nn.utils.clipGradNorm_(bard.parameters(), 5);
  optimizer.step();
  if (step % 100 === 0) console.log(`step ${step}: loss ${loss.item().toFixed(3)}`);
}

bard.eval();
// against what the letters' own frequencies tell
const counts = F.oneHot(tensor(ids, { dtype: 'int32' }), chars.length).to('float32').mean(0);
const entropy = -counts.mul(counts.add(1e-9).log()).sum().item();
const [heldX, heldY] = getBatch(150);
console.log('skill', 1 - noGrad(() => F.crossEntropy(bard(heldX), heldY).item()) / entropy);
