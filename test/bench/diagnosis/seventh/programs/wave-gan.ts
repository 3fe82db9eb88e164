import { cat, F, manualSeed, nn, noGrad, ones, optim, rand, randn, zeros } from 'gradlens';

manualSeed(312);
const count = 72;
/** Points on one wave of a sine. */
function realPoints(n) {
  const u = rand([n, 1]).mul(2).sub(1);
  return cat([u, u.mul(3).sin().mul(0.7).add(randn([n, 1]).mul(0.05))], 1);
}
const maker = new nn.Sequential(
  new nn.Linear(3, 36),
  new nn.ReLU(),
  new nn.Linear(36, 36),
  new nn.ReLU(),
  new nn.Linear(36, 2),
);
const critic = new nn.Sequential(
  new nn.Linear(2, 44),
  new nn.LeakyReLU(0.2),
  new nn.Linear(44, 28),
  new nn.LeakyReLU(0.2),
  new nn.Linear(28, 1),
);
const makerOpt = new optim.Adam(maker.parameters(), { lr: 0.003, betas: [0.5, 0.999] });
const criticOpt = new optim.Adam(critic.parameters(), { lr: 0.005, betas: [0.5, 0.999] });

for (let step = 0; step < 280; step++) {
  const made = maker(randn([count, 3]));

  criticOpt.zeroGrad();
  const onReal = F.binaryCrossEntropyWithLogits(critic(realPoints(count)), ones([count, 1]));
  const onMade = F.binaryCrossEntropyWithLogits(critic(made.detach()), zeros([count, 1]));
  const criticLoss = onReal.add(onMade);
  criticLoss.backward();
  criticOpt.step();

  makerOpt.zeroGrad();
  const makerLoss = F.binaryCrossEntropyWithLogits(critic(made), ones([count, 1]));
  makerLoss.backward();
  makerOpt.step();
}

/** Energy distance of two clouds (Székely & Rizzo 2013). */
const gap = (a, b) => a.unsqueeze(1).sub(b.unsqueeze(0)).square().sum(2).add(1e-12).sqrt().mean().item();
const distance = (a, b) => 2 * gap(a, b) - gap(a, a) - gap(b, b);
maker.eval();
const [shown, real] = [noGrad(() => maker(randn([300, 3]))), realPoints(300)];
console.log('skill', 1 - distance(shown, real) / distance(randn([300, 2]).mul(0.1), real));
