import { data, F, manualSeed, nn, noGrad, optim, randn, randperm } from 'gradlens';

manualSeed(1);
const width = 24;
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
/** Sixteen patches of 2 × 2. */
const patches = table.slice(1, 0, 64).div(16).reshape([-1, 4, 2, 4, 2]).permute([0, 1, 3, 2, 4]).reshape([-1, 16, 4]);
const labels = table.select(1, 64).to('int32');
const [heldX, heldY] = [patches.slice(0, 1280), labels.slice(0, 1280)];

class Block extends nn.Module {
  norm1 = new nn.LayerNorm(width);
  attention = new nn.MultiheadAttention(width, 3, { batchFirst: true });
  norm2 = new nn.LayerNorm(width);
  mlp = new nn.Sequential(new nn.Linear(width, 2 * width), new nn.GELU(), new nn.Linear(2 * width, width));

  forward(x) {
    const n = this.norm1(x);
    const h = x.add(this.attention(n, n, n));
    return h.add(this.mlp(this.norm2(h)));
  }
}

class VisionTransformer extends nn.Module {
  embed = new nn.Linear(4, width);
  position = new nn.Parameter(randn([16, width]).mul(0.1));
  blocks = new nn.Sequential(new Block(), new Block());
  norm = new nn.LayerNorm(width);
  head = new nn.Linear(width, 10);

  forward(x) {
    const h = this.blocks(this.embed(x).add(this.position));
    return this.head(this.norm(h).mean(1));
  }
}
const model = new VisionTransformer();
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.004 });

for (let step = 0; step < 240; step++) {
  const start = (step * 40) % 1280;
  const [x, y] = [patches.slice(0, start, start + 40), labels.slice(0, start, start + 40)];
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
