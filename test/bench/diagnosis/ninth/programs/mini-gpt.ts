import { readFileSync } from 'node:fs';
import { arange, F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(34);
const corpus = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(10000, 70000).toLowerCase();
const vocab = [...new Set(corpus)].sort();
const tokens = Array.from(corpus, (c) => vocab.indexOf(c));
const cfg = { block: 10, dim: 32, heads: 4, layers: 2, batch: 24, lr: 0.006 };

function draw(n) {
  const at = randint(0, tokens.length - cfg.block - 1, [n]).toArray();
  const x = tensor(at.map((i) => tokens.slice(i, i + cfg.block)), { dtype: 'int32' });
  const y = tensor(at.flatMap((i) => tokens.slice(i + 1, i + cfg.block + 1)), { dtype: 'int32' });
  return [x, y];
}

class SelfAttention extends nn.Module {
  q = new nn.Linear(cfg.dim, cfg.dim);
  k = new nn.Linear(cfg.dim, cfg.dim);
  v = new nn.Linear(cfg.dim, cfg.dim);
  out = new nn.Linear(cfg.dim, cfg.dim);

  forward(x) {
    const heads = (t) => t.reshape([t.shape[0], cfg.block, cfg.heads, cfg.dim / cfg.heads]).transpose(1, 2);
    const mixed = F.scaledDotProductAttention(heads(this.q(x)), heads(this.k(x)), heads(this.v(x)), { isCausal: true });
    return this.out(mixed.transpose(1, 2).reshape(x.shape));
  }
}

class TransformerBlock extends nn.Module {
  norm1 = new nn.LayerNorm(cfg.dim);
  attn = new SelfAttention();
  norm2 = new nn.LayerNorm(cfg.dim);
  mlp = new nn.Sequential(new nn.Linear(cfg.dim, 4 * cfg.dim), new nn.GELU(), new nn.Linear(4 * cfg.dim, cfg.dim));

  forward(x) {
    const h = x.add(this.attn(this.norm1(x)));
    return h.add(this.mlp(this.norm2(h)));
  }
}

class MiniGPT extends nn.Module {
  wte = new nn.Embedding(vocab.length, cfg.dim);
  wpe = new nn.Embedding(cfg.block, cfg.dim);
  blocks = new nn.ModuleList(Array.from({ length: cfg.layers }, () => new TransformerBlock()));
  lnF = new nn.LayerNorm(cfg.dim);
  lmHead = new nn.Linear(cfg.dim, vocab.length);

  forward(idx) {
    let h = this.wte(idx).add(this.wpe(arange(cfg.block)));
    for (const block of this.blocks) h = block(h);
    return this.lmHead(this.lnF(h)).flatten(0, 1);
  }
}
const gpt = new MiniGPT();
const optimizer = new optim.AdamW(gpt.parameters(), { lr: cfg.lr, weightDecay: 0.02 });
const warmup = new optim.LinearLR(optimizer, { startFactor: 0.1, totalIters: 15 });

for (let iter = 0; iter < 200; iter++) {
  const [x, y] = draw(cfg.batch);
  const logits = gpt(x);
  const loss = F.crossEntropy(logits, y);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  warmup.step();
}

gpt.eval();
const freq = F.oneHot(tensor(tokens, { dtype: 'int32' }), vocab.length).to('float32').mean(0);
const entropy = -freq.mul(freq.add(1e-9).log()).sum().item();
const [vx, vy] = draw(150);
console.log('skill', 1 - noGrad(() => F.crossEntropy(gpt(vx), vy).item()) / entropy);
