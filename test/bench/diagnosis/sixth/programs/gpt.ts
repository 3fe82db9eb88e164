import { readFileSync } from 'node:fs';
import { arange, F, manualSeed, nn, noGrad, ones, optim, randint, tensor } from 'gradlens';

manualSeed(115);
const text = readFileSync(new URL('./shakespeare.txt', import.meta.url), 'utf8').slice(3000, 53000).toLowerCase();
const chars = [...new Set(text)].sort();
const tokens = Array.from(text, (char) => chars.indexOf(char));
const config = { vocabSize: chars.length, blockSize: 12, embed: 32, heads: 4, layers: 2 };
function getBatch(size) {
  const starts = randint(0, tokens.length - config.blockSize - 1, [size]).toArray();
  const inputs = starts.map((s) => tokens.slice(s, s + config.blockSize));
  const targets = starts.flatMap((s) => tokens.slice(s + 1, s + 1 + config.blockSize));
  return [tensor(inputs, { dtype: 'int32' }), tensor(targets, { dtype: 'int32' })];
}
const mask = ones([config.blockSize, config.blockSize]).triu(1).gt(0);

class GPT extends nn.Module {
  wte = new nn.Embedding(config.vocabSize, config.embed);
  wpe = new nn.Embedding(config.blockSize, config.embed);
  blocks = new nn.ModuleList(
    Array.from({ length: config.layers }, () =>
      new nn.TransformerEncoderLayer(config.embed, config.heads, { dimFeedforward: 64, dropout: 0, normFirst: true, batchFirst: true }),
    ),
  );
  norm = new nn.LayerNorm(config.embed);
  head = new nn.Linear(config.embed, config.vocabSize, { bias: false });

  forward(x) {
    x = this.wte(x).add(this.wpe(arange(config.blockSize)));
    for (const block of this.blocks) x = block(x, { mask });
    return this.head(this.norm(x)).reshape([-1, config.vocabSize]);
  }
}
const model = new GPT();
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.005, betas: [0.9, 0.98], weightDecay: 0.05 });

for (let step = 0; step < 150; step++) {
  const [inputs, targets] = getBatch(16);
  const logits = model(inputs);
  const loss = F.crossEntropy(logits, targets);
  optimizer.zeroGrad();
  loss.backward();
  nn.utils.clipGradNorm_(model.parameters(), 1);
  optimizer.step();
}

model.eval();
const frequencies = F.oneHot(tensor(tokens, { dtype: 'int32' }), config.vocabSize).to('float32').mean(0);
const entropy = -frequencies.mul(frequencies.add(1e-9).log()).sum().item();
const [inputs, targets] = getBatch(100);
const tested = noGrad(() => F.crossEntropy(model(inputs), targets).item());
console.log('skill', 1 - tested / entropy);
