// Two heads on one trunk, an unbalanced set drawn by weights, metrics per class.
import { cat, data, F, manualSeed, metrics, nn, noGrad, ones, optim, randn, type Tensor, tensor } from 'gradlens';

manualSeed(7);
const counts = [200, 60, 20];
const centers = [
  [0, 0],
  [2, 1],
  [-1, 2],
];
const x = cat(counts.map((n, c) => randn([n, 2]).mul(0.6).add(tensor(centers[c]))));
const kind = cat(counts.map((n, c) => ones([n]).mul(c))).long();
const side = x.slice(1, 0, 1).gt(0.5).float();
const weights = counts.flatMap((n) => Array(n).fill(1 / n));
const sampler = new data.WeightedRandomSampler(weights, kind.numel(), { replacement: true });
const loader = new data.DataLoader(new data.TensorDataset(x, kind, side), { batchSize: 40, sampler });

class Heads extends nn.Module<[Tensor], { kind: Tensor; side: Tensor }> {
  trunk = new nn.Sequential(new nn.Linear(2, 32), new nn.LayerNorm(32), new nn.GELU());
  heads = new nn.ModuleDict({ kind: new nn.Linear(32, 3), side: new nn.Linear(32, 1) });

  override forward(x: Tensor) {
    const h = this.trunk(x);
    return { kind: this.heads.get('kind')!(h), side: this.heads.get('side')!(h) };
  }
}
const model = new Heads();
const optimizer = new optim.Adam([
  { params: model.trunk.parameters(), lr: 0.005 },
  { params: model.heads.parameters(), lr: 0.02 },
]);
const plateau = new optim.lrScheduler.ReduceLROnPlateau(optimizer, { patience: 3 });
for (let epoch = 0; epoch < 20; epoch++) {
  model.train();
  let total = 0;
  for (const [bx, bk, bs] of loader) {
    const out = model(bx);
    const loss = F.crossEntropy(out.kind, bk, { labelSmoothing: 0.05 }).add(
      F.binaryCrossEntropyWithLogits(out.side, bs).mul(0.5),
    );
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    total += loss.item() * bx.size(0);
  }
  plateau.step(total);
}
model.eval();
noGrad(() => {
  const out = model(x);
  const predicted = out.kind.argmax(1);
  const recalls = metrics.f1Scores(predicted, kind).map(({ recall }) => recall);
  const auc = metrics.rocAuc(out.side.sigmoid().squeeze(1), side.squeeze(1).long());
  console.log(JSON.stringify([...recalls, auc]));
});
