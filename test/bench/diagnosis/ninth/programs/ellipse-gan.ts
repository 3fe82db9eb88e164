import { F, manualSeed, nn, noGrad, ones, optim, rand, randn, stack, zeros } from 'gradlens';

manualSeed(36);
/** Points along an ellipse. */
function sampleReal(n) {
  const angle = rand([n]).mul(2 * Math.PI);
  return stack([angle.cos().mul(1.3), angle.sin().mul(0.8)], 1).add(randn([n, 2]).mul(0.05));
}
const latent = 4;
const batchSize = 64;

const netG = new nn.Sequential(
  new nn.Linear(latent, 40),
  new nn.ReLU(),
  new nn.Linear(40, 40),
  new nn.ReLU(),
  new nn.Linear(40, 2),
);
const netD = new nn.Sequential(
  new nn.Linear(2, 40),
  new nn.LeakyReLU(0.2),
  new nn.Linear(40, 40),
  new nn.LeakyReLU(0.2),
  new nn.Linear(40, 1),
);
const optimizerG = new optim.Adam(netG.parameters(), { lr: 0.002, betas: [0.5, 0.999] });
const optimizerD = new optim.Adam(netD.parameters(), { lr: 0.003, betas: [0.5, 0.999] });

for (let i = 0; i < 300; i++) {
  // the discriminator
  const fake = netG(randn([batchSize, latent]));
  const lossReal = F.binaryCrossEntropyWithLogits(netD(sampleReal(batchSize)), ones([batchSize, 1]));
  const lossFake = F.binaryCrossEntropyWithLogits(netD(fake.detach()), zeros([batchSize, 1]));
  const lossD = lossReal.add(lossFake);
  optimizerD.zeroGrad();
  lossD.backward();
  optimizerD.step();

  // the generator
  const lossG = F.binaryCrossEntropyWithLogits(netD(fake), ones([batchSize, 1]));
  optimizerG.zeroGrad();
  lossG.backward();
  optimizerG.step();
}

/** Energy distance of two clouds (Székely & Rizzo 2013). */
const spread = (a, b) => a.unsqueeze(1).sub(b.unsqueeze(0)).square().sum(2).add(1e-12).sqrt().mean().item();
const distance = (a, b) => 2 * spread(a, b) - spread(a, a) - spread(b, b);
netG.eval();
const [made, wanted] = [noGrad(() => netG(randn([300, latent]))), sampleReal(300)];
console.log('skill', 1 - distance(made, wanted) / distance(randn([300, 2]).mul(0.1), wanted));
