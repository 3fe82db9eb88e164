import { cat, manualSeed, nn, noGrad, ones, optim, rand, randn, zeros } from 'gradlens';

manualSeed(119);
/** Points beside a parabola. */
function sampleReal(n) {
  const x = rand([n, 1]).mul(3).sub(1.5);
  return cat([x, x.square().sub(1).add(randn([n, 1]).mul(0.06))], 1);
}

class Generator extends nn.Module {
  fc1 = new nn.Linear(4, 32);
  fc2 = new nn.Linear(32, 32);
  fc3 = new nn.Linear(32, 2);

  forward(z) {
    return this.fc3(this.fc2(this.fc1(z).relu()).relu());
  }
}

class Discriminator extends nn.Module {
  fc1 = new nn.Linear(2, 40);
  fc2 = new nn.Linear(40, 20);
  fc3 = new nn.Linear(20, 1);

  forward(x) {
    const hidden = this.fc2(this.fc1(x).leakyRelu(0.1)).leakyRelu(0.1);
    return this.fc3(hidden).sigmoid();
  }
}
const generator = new Generator();
const discriminator = new Discriminator();
const criterion = new nn.BCELoss();
const optimizerG = new optim.Adam(generator.parameters(), { lr: 0.002, betas: [0.5, 0.99] });
const optimizerD = new optim.Adam(discriminator.parameters(), { lr: 0.004, betas: [0.5, 0.99] });
const batchSize = 80;

for (let step = 0; step < 240; step++) {
  const fake = generator(randn([batchSize, 4]));

  optimizerD.zeroGrad();
  const lossReal = criterion(discriminator(sampleReal(batchSize)), ones([batchSize, 1]));
  const lossFake = criterion(discriminator(fake.detach()), zeros([batchSize, 1]));
  const lossD = lossReal.add(lossFake).div(2);
  lossD.backward();
  optimizerD.step();

  optimizerG.zeroGrad();
  const lossG = criterion(discriminator(fake), ones([batchSize, 1]));
  lossG.backward();
  optimizerG.step();
}

/** Energy distance of two clouds (Székely & Rizzo 2013). */
const gap = (a, b) => a.unsqueeze(1).sub(b.unsqueeze(0)).square().sum(2).add(1e-12).sqrt().mean().item();
const energy = (a, b) => 2 * gap(a, b) - gap(a, a) - gap(b, b);
generator.eval();
const samples = noGrad(() => generator(randn([300, 4])));
const real = sampleReal(300);
console.log('skill', 1 - energy(samples, real) / energy(randn([300, 2]).mul(0.1), real));
