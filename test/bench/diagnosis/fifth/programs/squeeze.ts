import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(15);
const csv = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pixels = csv.slice(1, 0, 64).div(16);
const test = pixels.slice(0, 1400);

class Squeeze extends nn.Module {
  encoder = new nn.Sequential(new nn.Linear(64, 40), new nn.ReLU(), new nn.Linear(40, 16));
  decoder = new nn.Sequential(new nn.Linear(16, 40), new nn.ReLU(), new nn.Linear(40, 64), new nn.Sigmoid());

  forward(x) {
    const code = this.encoder(x);
    return this.decoder(code);
  }
}
const net = new Squeeze();
const criterion = new nn.BCELoss();
const opt = new optim.Adam(net.parameters(), { lr: 0.01 });

for (let step = 0; step < 250; step++) {
  const from = (step * 56) % 1400;
  const xb = pixels.slice(0, from, from + 56);
  const yb = xb;
  opt.zeroGrad();
  const loss = criterion(net(xb), yb);
  loss.backward();
  opt.step();
}

net.eval();
const missed = noGrad(() => net(test).sub(test).square().mean().item());
console.log('skill', 1 - missed / test.sub(test.mean(0)).square().mean().item());
