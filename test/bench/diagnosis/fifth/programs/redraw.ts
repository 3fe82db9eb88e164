import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(16);
const csv = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pictures = csv.slice(1, 0, 64).div(16).reshape([-1, 1, 8, 8]);
const test = pictures.slice(0, 1400);

const net = new nn.Sequential(
  new nn.Conv2d(1, 8, 3, { stride: 2, padding: 1 }),
  new nn.GELU(),
  new nn.Conv2d(8, 14, 3, { stride: 2, padding: 1 }),
  new nn.GELU(),
  new nn.ConvTranspose2d(14, 8, 2, { stride: 2 }),
  new nn.GELU(),
  new nn.ConvTranspose2d(8, 1, 2, { stride: 2 }),
);
const opt = new optim.AdamW(net.parameters(), { lr: 0.012 });

for (let step = 0; step < 240; step++) {
  const from = (step * 50) % 1400;
  const xb = pictures.slice(0, from, from + 50);
  const yb = xb;
  opt.zeroGrad();
  const loss = F.mseLoss(net(xb), yb);
  loss.backward();
  opt.step();
}

net.eval();
const missed = noGrad(() => net(test).sub(test).square().mean().item());
console.log('skill', 1 - missed / test.sub(test.mean(0)).square().mean().item());
