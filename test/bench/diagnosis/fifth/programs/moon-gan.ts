import { data, F, manualSeed, nn, noGrad, ones, optim, randn, zeros } from 'gradlens';

manualSeed(17);
const moons = (n) => data.twoMoons(n, { noise: 0.1 }).x;

const G = new nn.Sequential(
  new nn.Linear(3, 32),
  new nn.ReLU(),
  new nn.Linear(32, 32),
  new nn.ReLU(),
  new nn.Linear(32, 2),
);
const D = new nn.Sequential(
  new nn.Linear(2, 32),
  new nn.LeakyReLU(0.2),
  new nn.Linear(32, 32),
  new nn.LeakyReLU(0.2),
  new nn.Linear(32, 1),
);
const optG = new optim.Adam(G.parameters(), { lr: 0.001, betas: [0.5, 0.999] });
const optD = new optim.Adam(D.parameters(), { lr: 0.004, betas: [0.5, 0.999] });

for (let step = 0; step < 240; step++) {
  const real = moons(96);
  const fake = G(randn([96, 3]));

  optD.zeroGrad();
  const errReal = F.binaryCrossEntropyWithLogits(D(real), ones([96, 1]));
  const errFake = F.binaryCrossEntropyWithLogits(D(fake.detach()), zeros([96, 1]));
  const errD = errReal.add(errFake);
  errD.backward();
  optD.step();

  optG.zeroGrad();
  const errG = F.binaryCrossEntropyWithLogits(D(fake), ones([96, 1]));
  errG.backward();
  optG.step();
}

/** Energy distance of two clouds (Székely & Rizzo 2013). */
const apart = (a, b) => a.unsqueeze(1).sub(b.unsqueeze(0)).square().sum(2).add(1e-12).sqrt().mean().item();
const distance = (a, b) => 2 * apart(a, b) - apart(a, a) - apart(b, b);
G.eval();
const made = noGrad(() => G(randn([300, 3])));
const wanted = moons(300);
const nothing = randn([300, 2]).mul(0.1);
console.log('skill', 1 - distance(made, wanted) / distance(nothing, wanted));
