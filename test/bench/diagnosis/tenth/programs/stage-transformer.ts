import { readFileSync } from 'node:fs';
import { F, manualSeed, nn, noGrad, ones, optim, randint, randn, tensor } from 'gradlens';

manualSeed(55);
const source = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').toLowerCase().slice(30000, 90000);
const symbols = [...new Set(source)].sort();
const stoi = Object.fromEntries(symbols.map((symbol, i) => [symbol, i]));
const encoded = [...source].map((symbol) => stoi[symbol]);
const [context, width, heads, depth] = [12, 32, 2, 2];

function lines(count) {
  const starts = randint(0, encoded.length - context - 1, [count]).toArray();
  const take = (shift) => starts.map((s) => encoded.slice(s + shift, s + shift + context));
  return [tensor(take(0), { dtype: 'int32' }), tensor(take(1), { dtype: 'int32' }).flatten()];
}

// what comes later is hidden
const mask = ones([context, context]).triu(1).mul(-1e9);

/** Attention in several heads, as the paper has it. */
function attend(qkv) {
  const [q, k, v] = qkv.chunk(3, 2).map((t) => t.reshape([-1, context, heads, width / heads]).transpose(1, 2));
  const affinity = q.matmul(k.transpose(2, 3)).div(Math.sqrt(width / heads)).add(mask);
  return affinity.softmax(-1).matmul(v).transpose(1, 2).reshape([-1, context, width]);
}

class Encoder extends nn.Module {
  constructor() {
    super();
    this.tokens = new nn.Embedding(symbols.length, width);
    this.places = new nn.Parameter(randn([context, width]));
    this.layers = new nn.ModuleList();
    for (let i = 0; i < depth; i++) this.layers.append(new Layer());
    this.norm = new nn.LayerNorm(width);
    this.project = new nn.Linear(width, symbols.length);
  }

  forward(ids) {
    let h = this.tokens(ids).add(this.places);
    for (const layer of this.layers) h = layer(h);
    return this.project(this.norm(h)).flatten(0, 1);
  }
}

class Layer extends nn.Module {
  lnA = new nn.LayerNorm(width);
  qkv = new nn.Linear(width, 3 * width, { bias: false });
  proj = new nn.Linear(width, width);
  lnB = new nn.LayerNorm(width);
  up = new nn.Linear(width, 3 * width);
  down = new nn.Linear(3 * width, width);

  forward(x) {
    const y = x.add(this.proj(attend(this.qkv(this.lnA(x)))));
    return y.add(this.down(F.relu(this.up(this.lnB(y)))));
  }
}

const transformer = new Encoder();
const optimizer = new optim.Adam(transformer.parameters(), { lr: 0.012, betas: [0.9, 0.98] });
const noam = new optim.LambdaLR(optimizer, (k) => Math.min((k + 1) / 20, Math.sqrt(20 / (k + 1))));

for (let iteration = 0; iteration < 230; iteration++) {
  const [ids, next] = lines(24);
  const scores = transformer(ids);
  const loss = F.crossEntropy(scores, next);
  optimizer.zeroGrad();
  loss.backward();
  nn.utils.clipGradNorm_(transformer.parameters(), 1);
  optimizer.step();
  noam.step();
}

transformer.eval();
const counts = F.oneHot(tensor(encoded, { dtype: 'int32' }), symbols.length).to('float32').mean(0);
const entropy = -counts.mul(counts.add(1e-9).log()).sum().item();
const [heldIds, heldNext] = lines(400);
console.log('skill', 1 - noGrad(() => F.crossEntropy(transformer(heldIds), heldNext).item()) / entropy);
