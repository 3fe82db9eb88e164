import { data, manualSeed, nn, noGrad, optim, randn, randperm } from 'gradlens';

manualSeed(311);
const digits = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pictures = digits.slice(1, 0, 64).div(16);
const [trainX, testX] = [pictures.slice(0, 0, 1400), pictures.slice(0, 1400)];
const noisy = (x) => x.add(randn(x.shape).mul(0.1));

class Denoiser extends nn.Module {
  encoder = new nn.Sequential(
    new nn.Linear(64, 56),
    new nn.ELU(),
    new nn.Linear(56, 20),
    new nn.ELU(),
  );
  decoder = new nn.Sequential(
    new nn.Linear(20, 56),
    new nn.ELU(),
    new nn.Linear(56, 64),
  );

  forward(x) {
    const code = this.encoder(x);
    return this.decoder(code);
  }
}
const denoiser = new Denoiser();
const lossFn = new nn.MSELoss();
const optimizer = new optim.AdamW(denoiser.parameters(), { lr: 0.004, weightDecay: 0.001 });

for (let step = 0; step < 320; step++) {
  const at = (step * 50) % 1400;
  const clean = trainX.slice(0, at, at + 50);
  const damaged = noisy(clean);
  optimizer.zeroGrad();
  const restored = denoiser(damaged);
  const loss = lossFn(restored, clean);
  loss.backward();
  optimizer.step();
}

denoiser.eval();
const error = noGrad(() => denoiser(noisy(testX)).sub(testX).square().mean().item());
console.log('skill', 1 - error / testX.sub(testX.mean(0)).square().mean().item());
