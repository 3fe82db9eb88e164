import { data, F, manualSeed, nn, noGrad, optim, randint, randn, randperm } from 'gradlens';

manualSeed(76);
const clean = data
  .readCsv(new URL('./digits.csv.gz', import.meta.url))
  .slice(1, 0, 64)
  .div(16)
  .reshape([-1, 1, 8, 8])
  .indexSelect(0, randperm(1797));
const dirty = clean.add(randn(clean.shape).mul(0.35));
const [trainX, trainY] = [dirty.slice(0, 0, 1300), clean.slice(0, 0, 1300)];
const [testX, testY] = [dirty.slice(0, 1300), clean.slice(0, 1300)];

const encoder = new nn.Sequential(
  new nn.Conv2d(1, 12, 3, { padding: 1 }),
  new nn.ReLU(),
  new nn.Conv2d(12, 16, 3, { stride: 2, padding: 1 }),
  new nn.ReLU(),
);
const decoder = new nn.Sequential(
  new nn.ConvTranspose2d(16, 12, 2, { stride: 2 }),
  new nn.ReLU(),
  new nn.Conv2d(12, 1, 3, { padding: 1 }),
);
const denoiser = new nn.Sequential(encoder, decoder);
const optimizer = new optim.Adam(denoiser.parameters(), { lr: 0.005 });

for (let step = 0; step < 200; step++) {
  const rows = randint(0, 1300, [32]);
  const noisy = trainX.indexSelect(0, rows);
  const target = trainY.indexSelect(0, rows);
  const restored = denoiser(noisy);
  const loss = F.mseLoss(restored, target);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
}

denoiser.eval();
const missed = noGrad(() => F.mseLoss(denoiser(testX), testY).item());
console.log('skill', 1 - missed / testY.sub(testY.mean(0)).square().mean().item());
