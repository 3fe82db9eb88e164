import { readFileSync } from 'node:fs';
import { F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(1);
const length = 14;
const text = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').toLowerCase().replace(/[^a-z' ]+/g, ' ');
const alphabet = [...new Set(text)].sort();
const excerpts = Array.from({ length: 6000 }, (_, i) => text.slice(i * 30, i * 30 + length));
/** Does the word "the" stand in it? As often as not. */
const having = excerpts.filter((e) => e.includes(' the ')).slice(0, 500);
const lacking = excerpts.filter((e) => !e.includes(' the ')).slice(0, having.length);
const all = having.flatMap((e, i) => [[e, 1], [lacking[i], 0]]);
const codes = tensor(all.map(([e]) => Array.from(e, (c) => alphabet.indexOf(c))), { dtype: 'int32' });
const truths = tensor(all.map(([, has]) => has)).unsqueeze(1);
const cut = Math.floor(all.length * 0.7);
const [heldX, heldY] = [codes.slice(0, cut), truths.slice(0, cut)];

class PhraseFinder extends nn.Module {
  embedding = new nn.Embedding(alphabet.length, 12);
  conv = new nn.Conv1d(12, 32, 5, { padding: 2 });
  hidden = new nn.Linear(32, 16);
  output = new nn.Linear(16, 1);

  forward(tokens) {
    const found = F.relu(this.conv(this.embedding(tokens).transpose(1, 2)));
    return this.output(F.relu(this.hidden(found.amax(2))));
  }
}
const model = new PhraseFinder();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.008 });

for (let step = 0; step < 160; step++) {
  const picked = randint(0, cut, [48]).to('int32');
  const [x, y] = [codes.indexSelect(0, picked), truths.indexSelect(0, picked)];
  optimizer.zeroGrad();
  const loss = F.binaryCrossEntropyWithLogits(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).gt(0).eq(heldY.gt(0.5)).to('float32').mean().item());
console.log('skill', (right - 0.5) / 0.5);
