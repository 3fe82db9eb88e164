import { F, manualSeed, nn, noGrad, ones, optim, rand, randn, stack, zeros } from 'gradlens';

manualSeed(77);
const [noise, batch, rounds] = [5, 56, 320];
/** Points of half a circle, and of a line above it. */
function genuine(n) {
  const angle = rand([n]).mul(Math.PI);
  const upper = rand([n]).lt(0.35).to('float32');
  const x = angle.cos().mul(1.2);
  const y = angle.sin().mul(upper.neg().add(1)).mul(-1).add(upper.mul(0.7));
  return stack([x, y], 1).add(randn([n, 2]).mul(0.06));
}

const forger = new nn.Sequential(new nn.Linear(noise, 36), new nn.ReLU(), new nn.Linear(36, 36), new nn.ReLU(), new nn.Linear(36, 2));
class Expert extends nn.Module {
  constructor() {
    super();
    this.look = new nn.Linear(2, 44);
    this.think = new nn.Linear(44, 44);
    this.decide = new nn.Linear(44, 1);
  }

  forward(x) {
    const seen = F.leakyRelu(this.look(x), 0.2);
    return this.decide(F.leakyRelu(this.think(seen), 0.2));
  }
}
const expert = new Expert();
const forgerOpt = new optim.Adam(forger.parameters(), { lr: 0.0025, betas: [0.5, 0.99] });
const expertOpt = new optim.Adam(expert.parameters(), { lr: 0.0035, betas: [0.5, 0.99] });
const bce = new nn.BCEWithLogitsLoss();
const yes = ones([batch, 1]);
const no = zeros([batch, 1]);

for (let round = 0; round < rounds; round++) {
  const forged = forger(randn([batch, noise]));

  expertOpt.zeroGrad();
  const onGenuine = bce(expert(genuine(batch)), yes);
  const onForged = bce(expert(forged.detach()), no);
  const expertLoss = onGenuine.add(onForged);
  expertLoss.backward();
  expertOpt.step();

  forgerOpt.zeroGrad();
  const forgerLoss = bce(expert(forged), yes);
  forgerLoss.backward();
  forgerOpt.step();
}

/** Energy distance of two clouds (Székely & Rizzo 2013). */
const between = (a, b) => a.unsqueeze(1).sub(b.unsqueeze(0)).square().sum(2).add(1e-12).sqrt().mean().item();
const energy = (a, b) => 2 * between(a, b) - between(a, a) - between(b, b);
forger.eval();
const [made, wanted] = [noGrad(() => forger(randn([300, noise]))), genuine(300)];
console.log('skill', 1 - energy(made, wanted) / energy(randn([300, 2]).mul(0.1), wanted));
