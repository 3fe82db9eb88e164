import { readFileSync } from 'node:fs';
import { F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(113);
const text = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(5000, 55000).toLowerCase();
const chars = [...new Set(text)].sort();
const ids = new Map(chars.map((char, i) => [char, i]));
const encoded = Array.from(text, (char) => ids.get(char));
const [vocabSize, seqLength] = [chars.length, 12];
function getBatch(size) {
  const starts = randint(0, encoded.length - seqLength - 1, [size]).toArray();
  const windows = (shift) => tensor(starts.map((s) => encoded.slice(s + shift, s + shift + seqLength)), { dtype: 'int32' });
  return [windows(0), windows(1).flatten()];
}

class CharGRU extends nn.Module {
  embedding = new nn.Embedding(vocabSize, 20);
  gru = new nn.GRU(20, 44, { batchFirst: true });
  decoder = new nn.Linear(44, vocabSize);

  forward(x) {
    const [hidden] = this.gru(this.embedding(x));
    return this.decoder(hidden).reshape([-1, vocabSize]);
  }
}
const model = new CharGRU();
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });

for (let step = 0; step < 170; step++) {
  const [inputs, targets] = getBatch(24);
  optimizer.zeroGrad();
  const logits = model(inputs);
  const loss = criterion(logits, targets);
  loss.backward();
  optimizer.step();
}

model.eval();
const frequencies = F.oneHot(tensor(encoded, { dtype: 'int32' }), vocabSize).to('float32').mean(0);
const entropy = -frequencies.mul(frequencies.add(1e-9).log()).sum().item();
const [inputs, targets] = getBatch(100);
const tested = noGrad(() => F.crossEntropy(model(inputs), targets).item());
console.log('skill', 1 - tested / entropy);
