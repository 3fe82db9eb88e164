import { data, F, manualSeed, nn, noGrad, optim, randn, randperm } from 'gradlens';

manualSeed(74);
const digits = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
/** Sixteen patches of two by two pixels. */
const patches = digits.slice(1, 0, 64).div(16).reshape([-1, 4, 2, 4, 2]).permute([0, 1, 3, 2, 4]).reshape([-1, 16, 4]);
const labels = digits.select(1, 64).to('int32');
const [trainX, trainY] = [patches.slice(0, 0, 1320), labels.slice(0, 0, 1320)];
const [testX, testY] = [patches.slice(0, 1320), labels.slice(0, 1320)];
const loader = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: 44, shuffle: true });

class Attentive extends nn.Module {
  constructor(width, heads) {
    super();
    this.ln1 = new nn.LayerNorm(width);
    this.attention = new nn.MultiheadAttention(width, heads, { batchFirst: true });
    this.ln2 = new nn.LayerNorm(width);
    this.mlp = new nn.Sequential(new nn.Linear(width, 2 * width), new nn.GELU(), new nn.Linear(2 * width, width));
  }

  forward(x) {
    const n = this.ln1(x);
    const y = x.add(this.attention(n, n, n));
    return y.add(this.mlp(this.ln2(y)));
  }
}

class PatchViT extends nn.Module {
  constructor(width) {
    super();
    this.project = new nn.Linear(4, width);
    this.places = new nn.Parameter(randn([16, width]).mul(0.1));
    this.blocks = new nn.ModuleList([new Attentive(width, 4), new Attentive(width, 4)]);
    this.head = new nn.Linear(width, 10);
  }

  forward(x) {
    let h = this.project(x).add(this.places);
    for (const block of this.blocks) h = block(h);
    return this.head(h.mean(1));
  }
}

const vit = new PatchViT(24);
const opt = new optim.Adam(vit.parameters(), { lr: 0.004 });

for (let epoch = 0; epoch < 8; epoch++) {
  vit.train();
  for (const [patch, label] of loader) {
    const out = vit(patch);
    const loss = F.crossEntropy(out, label);
    opt.zeroGrad();
    loss.backward();
    opt.step();
  }
}

vit.eval();
const right = noGrad(() => vit(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
