import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).div(16);
const held = images.slice(0, 1280);

class Autoencoder extends nn.Module {
  encode1 = new nn.Linear(64, 48);
  encode2 = new nn.Linear(48, 12);
  decode1 = new nn.Linear(12, 48);
  decode2 = new nn.Linear(48, 64);

  forward(x) {
    const code = this.encode2(this.encode1(x).relu());
    return this.decode2(this.decode1(code).relu());
  }
}
const model = new Autoencoder();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.005 });

for (let step = 0; step < 240; step++) {
  const start = (step * 64) % 1280;
  const x = images.slice(0, start, start + 64);
  const y = x;
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const missed = noGrad(() => model(images.slice(0, 1280)).sub(held).square().mean().item());
console.log('skill', 1 - missed / held.sub(held.mean(0)).square().mean().item());
