import { readFileSync } from 'node:fs';
import { arange, F, manualSeed, nn, noGrad, ones, optim, randint, tensor } from 'gradlens';

manualSeed(73);
const folio = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').toLowerCase().slice(5000, 75000);
const chars = [...new Set(folio)].sort();
const index = new Map(chars.map((c, i) => [c, i]));
const stream = Array.from(folio, (c) => index.get(c));
const [window, dim] = [11, 36];

function sample(count) {
  const places = randint(0, stream.length - window - 1, [count]).toArray();
  const before = places.map((p) => stream.slice(p, p + window));
  const after = places.flatMap((p) => stream.slice(p + 1, p + window + 1));
  return [tensor(before, { dtype: 'int32' }), tensor(after, { dtype: 'int32' })];
}
const future = ones([window, window]).triu(1).gt(0);

class Decoder extends nn.Module {
  constructor() {
    super();
    this.tokens = new nn.Embedding(chars.length, dim);
    this.positions = new nn.Embedding(window, dim);
    const block = () =>
      new nn.TransformerEncoderLayer(dim, 3, { dimFeedforward: 80, dropout: 0, activation: 'gelu', batchFirst: true, normFirst: true });
    this.body = new nn.TransformerEncoder(block, 2, { norm: new nn.LayerNorm(dim) });
    this.unembed = new nn.Linear(dim, chars.length);
  }

  forward(ids) {
    const h = this.tokens(ids).add(this.positions(arange(window)));
    const y = this.body(h, { mask: future });
    return this.unembed(y).flatten(0, 1);
  }
}

const decoder = new Decoder();
const optimizer = new optim.AdamW(decoder.parameters(), { lr: 0.005, weightDecay: 0.01 });
const warm = new optim.LinearLR(optimizer, { startFactor: 0.1, totalIters: 20 });
const cool = new optim.CosineAnnealingLR(optimizer, { tMax: 180, etaMin: 0.0005 });
const schedule = new optim.SequentialLR(optimizer, [warm, cool], { milestones: [20] });

for (let iter = 1; iter <= 200; iter++) {
  const [ids, after] = sample(24);
  optimizer.zeroGrad();
  const scores = decoder(ids);
  const loss = F.crossEntropy(scores, after);
  loss.backward();
  optimizer.step();
  schedule.step();
}

decoder.eval();
const counts = F.oneHot(tensor(stream, { dtype: 'int32' }), chars.length).to('float32').mean(0);
const entropy = -counts.mul(counts.add(1e-9).log()).sum().item();
const [heldIds, heldAfter] = sample(200);
console.log('skill', 1 - noGrad(() => F.crossEntropy(decoder(heldIds), heldAfter).item()) / entropy);
