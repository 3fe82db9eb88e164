import { readFileSync } from 'node:fs';
import { F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(308);
const play = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(10000, 65000).toLowerCase();
const alphabet = [...new Set(play)].sort();
const codes = Array.from(play, (letter) => alphabet.indexOf(letter));
const length = 14;
function draw(count) {
  const starts = randint(0, codes.length - length - 1, [count]).toArray();
  const read = starts.map((s) => codes.slice(s, s + length));
  const next = starts.flatMap((s) => codes.slice(s + 1, s + 1 + length));
  return [tensor(read, { dtype: 'int32' }), tensor(next, { dtype: 'int32' })];
}

class LetterModel extends nn.Module {
  table = new nn.Embedding(alphabet.length, 16);
  lstm = new nn.LSTM(16, 48, { batchFirst: true });
  head = new nn.Linear(48, alphabet.length);

  forward(letters) {
    const [states] = this.lstm(this.table(letters));
    return this.head(states).reshape([-1, alphabet.length]);
  }
}
const letterModel = new LetterModel();
const optimizer = new optim.Adam(letterModel.parameters(), { lr: 0.015 });

for (let step = 0; step < 160; step++) {
  const [xb, yb] = draw(20);
  optimizer.zeroGrad();
  const logits = letterModel(xb);
  const loss = F.crossEntropy(logits, yb);
  loss.backward();
  nn.utils.clipGradNorm_(letterModel.parameters(), 3);
  optimizer.step();
}

letterModel.eval();
const share = F.oneHot(tensor(codes, { dtype: 'int32' }), alphabet.length).to('float32').mean(0);
const entropy = -share.mul(share.add(1e-9).log()).sum().item();
const [xs, ys] = draw(120);
console.log('skill', 1 - noGrad(() => F.crossEntropy(letterModel(xs), ys).item()) / entropy);
