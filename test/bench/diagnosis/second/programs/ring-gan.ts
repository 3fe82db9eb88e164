import { F, manualSeed, nn, noGrad, ones, optim, rand, randn, stack, zeros } from 'gradlens';

manualSeed(1);
const real = (n) => {
  const angle = rand([n]).mul(3.14);
  return stack([angle.cos().mul(2), angle.sin().mul(2)], 1).add(randn([n, 2]).mul(0.1));
};

const generator = new nn.Sequential(new nn.Linear(3, 32), new nn.Tanh(), new nn.Linear(32, 2));
const discriminator = new nn.Sequential(
  new nn.Linear(2, 32),
  new nn.SiLU(),
  new nn.Linear(32, 32),
  new nn.SiLU(),
  new nn.Linear(32, 1),
);
const optimizerG = new optim.Adam(generator.parameters(), { lr: 0.008, betas: [0.5, 0.99] });
const optimizerD = new optim.Adam(discriminator.parameters(), { lr: 0.008, betas: [0.5, 0.99] });

for (let step = 0; step < 220; step++) {
  const fake = generator(randn([64, 3]));
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
const made = noGrad(() => generator(randn([256, 3])));
const begun = randn([256, 2]).mul(0.3);
const wanted = real(256);
console.log('skill', 1 - distance(made, wanted) / distance(begun, wanted));
