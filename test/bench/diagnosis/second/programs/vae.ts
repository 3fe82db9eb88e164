import { data, F, manualSeed, nn, noGrad, optim, randn, randperm } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).div(16);
const held = images.slice(0, 1280);

class VariationalAutoencoder extends nn.Module {
  encode = new nn.Linear(64, 40);
  mean = new nn.Linear(40, 8);
  logVariance = new nn.Linear(40, 8);
  decode1 = new nn.Linear(8, 40);
  decode2 = new nn.Linear(40, 64);

  forward(x) {
    const h = this.encode(x).relu();
    const [mean, logVariance] = [this.mean(h), this.logVariance(h)];
    const code = this.training ? mean.add(randn(mean.shape).mul(logVariance.mul(0.5).exp())) : mean;
    return { made: this.decode2(this.decode1(code).relu()), mean, logVariance };
  }
}
const model = new VariationalAutoencoder();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
const divergence = ({ mean, logVariance }) =>
  mean.square().add(logVariance.exp()).sub(logVariance).sub(1).sum(1).mean().div(2);

for (let step = 0; step < 260; step++) {
  const start = (step * 64) % 1280;
  const x = images.slice(0, start, start + 64);
  optimizer.zeroGrad();
  const told = model(x);
  const loss = F.mseLoss(told.made, x, { reduction: 'sum' }).div(64).add(divergence(told).mul(0.05));
  loss.backward();
  optimizer.step();
}

model.eval();
const missed = noGrad(() => model(held).made.sub(held).square().mean().item());
console.log('skill', 1 - missed / held.sub(held.mean(0)).square().mean().item());
