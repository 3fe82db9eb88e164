import { manualSeed, nn, noGrad, ones, optim, randint, randn, tensor, zeros } from 'gradlens';

manualSeed(715);
const corners = tensor([
  [1, 1],
  [-1, 1],
  [0, -1.2],
]);
/** Points around three corners. */
const real = (n) => corners.indexSelect(0, randint(0, 3, [n])).add(randn([n, 2]).mul(0.12));
const [batch, noise] = [60, 5];

class Forger extends nn.Module {
  net = new nn.Sequential(
    new nn.Linear(noise, 32),
    new nn.LeakyReLU(0.1),
    new nn.Linear(32, 32),
    new nn.LeakyReLU(0.1),
    new nn.Linear(32, 2),
  );

  forward(z) {
    return this.net(z);
  }
}
class Judge extends nn.Module {
  net = new nn.Sequential(
    new nn.Linear(2, 48),
    new nn.LeakyReLU(0.2),
    new nn.Linear(48, 24),
    new nn.LeakyReLU(0.2),
    new nn.Linear(24, 1),
    new nn.Sigmoid(),
  );

  forward(x) {
    return this.net(x);
  }
}
const forger = new Forger();
const judge = new Judge();
const forgerOptimizer = new optim.Adam(forger.parameters(), { lr: 0.002, betas: [0.5, 0.99] });
const judgeOptimizer = new optim.Adam(judge.parameters(), { lr: 0.004, betas: [0.5, 0.99] });
const bce = new nn.BCELoss();

for (let step = 0; step < 320; step++) {
  judgeOptimizer.zeroGrad();
  const forged = forger(randn([batch, noise]));
  const genuineLoss = bce(judge(real(batch)), ones([batch, 1]));
  const forgedLoss = bce(judge(forged.detach()), zeros([batch, 1]));
  const judgeLoss = genuineLoss.add(forgedLoss).div(2);
  judgeLoss.backward();
  judgeOptimizer.step();

  forgerOptimizer.zeroGrad();
  const forgerLoss = bce(judge(forged), ones([batch, 1]));
  forgerLoss.backward();
  forgerOptimizer.step();
}

/** Energy distance of two clouds (Székely & Rizzo 2013). */
const gap = (a, b) => a.unsqueeze(1).sub(b.unsqueeze(0)).square().sum(2).add(1e-12).sqrt().mean().item();
const distance = (a, b) => 2 * gap(a, b) - gap(a, a) - gap(b, b);
forger.eval();
const [shown, wanted] = [noGrad(() => forger(randn([300, noise]))), real(300)];
console.log('skill', 1 - distance(shown, wanted) / distance(randn([300, 2]).mul(0.1), wanted));
