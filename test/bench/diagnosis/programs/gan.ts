import { F, manualSeed, nn, noGrad, ones, optim, randn, tensor, zeros } from 'gradlens';

manualSeed(1);
const mixing = tensor([
  [1, 0.6],
  [0, 0.8],
]);
const real = (n) => randn([n, 2]).matmul(mixing).add(tensor([2, -1]));

const generator = new nn.Sequential(
  new nn.Linear(4, 24),
  new nn.ReLU(),
  new nn.Linear(24, 2),
);
const discriminator = new nn.Sequential(
  new nn.Linear(2, 24),
  new nn.LeakyReLU(0.2),
  new nn.Linear(24, 24),
  new nn.LeakyReLU(0.2),
  new nn.Linear(24, 1),
);
const optimizerG = new optim.Adam(generator.parameters(), { lr: 0.005, betas: [0.5, 0.999] });
const optimizerD = new optim.Adam(discriminator.parameters(), { lr: 0.005, betas: [0.5, 0.999] });

for (let step = 0; step < 200; step++) {
  const fake = generator(randn([64, 4]));
  optimizerD.zeroGrad();
  const lossReal = F.binaryCrossEntropyWithLogits(discriminator(real(64)), ones([64, 1]));
  const lossFake = F.binaryCrossEntropyWithLogits(discriminator(fake.detach()), zeros([64, 1]));
  lossReal.add(lossFake).backward();
  optimizerD.step();
  optimizerG.zeroGrad();
  const lossG = F.binaryCrossEntropyWithLogits(discriminator(fake), ones([64, 1]));
  lossG.backward();
  optimizerG.step();
}

/** Energy distance of two clouds (Székely & Rizzo 2013). */
const between = (a, b) => a.unsqueeze(1).sub(b.unsqueeze(0)).square().sum(2).add(1e-12).sqrt().mean().item();
const distance = (a, b) => 2 * between(a, b) - between(a, a) - between(b, b);
generator.eval();
const made = noGrad(() => generator(randn([256, 4])));
const begun = randn([256, 2]).mul(0.3);
const wanted = real(256);
console.log('skill', 1 - distance(made, wanted) / distance(begun, wanted));
