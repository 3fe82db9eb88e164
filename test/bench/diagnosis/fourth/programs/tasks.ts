import { F, manualSeed, nn, noGrad, optim, randn, zeros } from 'gradlens';

manualSeed(1);
/** Three tasks of one body, weighted by how sure the model is of each (Kendall et al. 2018). */
const drawn = (n) => {
  const x = randn([n, 5]);
  const part = (i) => x.slice(1, i, i + 1);
  const smooth = part(0).sin().add(part(1).mul(part(2)));
  const large = part(3).abs().mul(6).add(part(4).mul(3));
  const kind = part(0).mul(part(3)).gt(0).to('float32');
  return { x, smooth, large, kind };
};
const held = drawn(500);

class Tasks extends nn.Module {
  body = new nn.Sequential(new nn.Linear(5, 48), new nn.ReLU(), new nn.Linear(48, 32), new nn.ReLU());
  smooth = new nn.Linear(32, 1);
  large = new nn.Linear(32, 1);
  kind = new nn.Linear(32, 1);
  doubt = new nn.Parameter(zeros([3]));

  forward(x) {
    const h = this.body(x);
    return { smooth: this.smooth(h), large: this.large(h), kind: this.kind(h) };
  }
}
const model = new Tasks();
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.006 });

for (let step = 0; step < 240; step++) {
  const { x, smooth, large, kind } = drawn(96);
  optimizer.zeroGrad();
  const told = model(x);
  const each = [F.mseLoss(told.smooth, smooth), F.mseLoss(told.large, large), F.binaryCrossEntropyWithLogits(told.kind, kind)];
  const loss = each.map((one, i) => one.mul(model.doubt.select(0, i).neg().exp()).add(model.doubt.select(0, i))).reduce((a, b) => a.add(b));
  loss.backward();
  optimizer.step();
}

model.eval();
const told = noGrad(() => model(held.x));
const explained = (of, y) => 1 - of.sub(y).square().mean().item() / y.sub(y.mean()).square().mean().item();
const right = told.kind.gt(0).to('float32').eq(held.kind).to('float32').mean().item();
console.log('skill', (explained(told.smooth, held.smooth) + explained(told.large, held.large) + (right - 0.5) / 0.5) / 3);
