import { readFileSync } from 'node:fs';
import { F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(53);
const play = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(20000, 75000).toLowerCase();
const alphabet = [...new Set(play)].sort();
const coded = tensor(Array.from(play, (letter) => alphabet.indexOf(letter)), { dtype: 'int32' });
const window = 12;
const options = { embed: 20, hidden: 56, layers: 1, lr: 0.015, batch: 24, updates: 220 };

/** Windows of the play, and the letter that comes after each of their letters. */
const windows = (n) => {
  const from = randint(0, coded.shape[0] - window - 1, [n]).toArray();
  const cut = (shift) => tensor(from.map((i) => coded.slice(0, i + shift, i + shift + window).toArray()), { dtype: 'int32' });
  return { letters: cut(0), next: cut(1).flatten() };
};

class CharModel extends nn.Module {
  constructor({ embed, hidden, layers }) {
    super();
    this.embed = new nn.Embedding(alphabet.length, embed);
    this.lstm = new nn.LSTM(embed, hidden, { numLayers: layers, batchFirst: true });
    this.drop = new nn.Dropout(0.1);
    this.out = new nn.Linear(hidden, alphabet.length);
  }

  forward(letters) {
    const [states] = this.lstm(this.embed(letters));
    return this.out(this.drop(states)).flatten(0, 1);
  }
}
const lm = new CharModel(options);
const optimizer = new optim.Adam(lm.parameters(), { lr: options.lr });
const decay = new optim.LambdaLR(optimizer, (update) => 1 - (0.8 * update) / options.updates);

for (let update = 0; update < options.updates; update++) {
  const { letters, next } = windows(options.batch);
  const scores = lm(letters);
  const loss = F.crossEntropy(scores, next);
  optimizer.zeroGrad();
  loss.backward();
  nn.utils.clipGradNorm_(lm.parameters(), 1);
  optimizer.step();
  decay.step();
}

lm.eval();
const share = F.oneHot(coded, alphabet.length).to('float32').mean(0);
const entropy = -share.mul(share.add(1e-9).log()).sum().item();
const held = windows(300);
console.log('skill', 1 - noGrad(() => F.crossEntropy(lm(held.letters), held.next).item()) / entropy);
