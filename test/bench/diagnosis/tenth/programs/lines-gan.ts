import { cat, F, manualSeed, nn, noGrad, ones, optim, rand, randint, randn, zeros } from 'gradlens';

manualSeed(57);
/** Points of two parallel lines. */
function real(n) {
  const along = rand([n, 1]).mul(2.4).sub(1.2);
  const which = randint(0, 2, [n, 1]).to('float32').mul(1.2).sub(0.6);
  return cat([along, along.mul(0.4).add(which)], 1).add(randn([n, 2]).mul(0.05));
}
const BATCH = 48;
const Z = 3;

class Generator extends nn.Module {
  main = new nn.Sequential(
    new nn.Linear(Z, 32),
    new nn.LeakyReLU(0.1),
    new nn.Linear(32, 32),
    new nn.LeakyReLU(0.1),
    new nn.Linear(32, 2),
  );

  forward(z) {
    return this.main(z);
  }
}
class Discriminator extends nn.Module {
  main = new nn.Sequential(
    new nn.Linear(2, 48),
    new nn.LeakyReLU(0.2),
    new nn.Linear(48, 48),
    new nn.LeakyReLU(0.2),
    new nn.Linear(48, 1),
  );

  forward(x) {
    return this.main(x);
  }
}
const generator = new Generator();
const discriminator = new Discriminator();
const gOpt = new optim.Adam(generator.parameters(), { lr: 0.003, betas: [0.5, 0.99] });
const dOpt = new optim.Adam(discriminator.parameters(), { lr: 0.004, betas: [0.5, 0.99] });
const adversarial = (verdict, wanted) => F.binaryCrossEntropyWithLogits(verdict, wanted);

function trainDiscriminator(made) {
  dOpt.zeroGrad();
  const onReal = adversarial(discriminator(real(BATCH)), ones([BATCH, 1]));
  const onMade = adversarial(discriminator(made.detach()), zeros([BATCH, 1]));
  const dLoss = onReal.add(onMade).div(2);
  dLoss.backward();
  dOpt.step();
}
function trainGenerator(made) {
  gOpt.zeroGrad();
  const gLoss = adversarial(discriminator(made), ones([BATCH, 1]));
  gLoss.backward();
  gOpt.step();
}
for (let round = 0; round < 320; round++) {
  const made = generator(randn([BATCH, Z]));
  trainDiscriminator(made);
  trainGenerator(made);
}

/** Energy distance of two clouds (Székely & Rizzo 2013). */
const apart = (a, b) => a.unsqueeze(1).sub(b.unsqueeze(0)).square().sum(2).add(1e-12).sqrt().mean().item();
const energy = (a, b) => 2 * apart(a, b) - apart(a, a) - apart(b, b);
generator.eval();
const [fakes, wanted] = [noGrad(() => generator(randn([300, Z]))), real(300)];
console.log('skill', 1 - energy(fakes, wanted) / energy(randn([300, 2]).mul(0.1), wanted));
