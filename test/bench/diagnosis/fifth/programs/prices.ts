import { data, manualSeed, nn, noGrad, optim, rand } from 'gradlens';

manualSeed(19);
/** What a house costs, by six properties: sums, a product and a bend. */
const priced = (x) =>
  x.select(1, 0).mul(2).add(x.select(1, 1).mul(x.select(1, 2)).mul(3)).add(x.select(1, 3).sub(0.3).relu().mul(-2.5)).add(x.select(1, 4).mul(4).sin()).unsqueeze(1);
const houses = rand([600, 6]).mul(2).sub(1);
const prices = priced(houses);
const [mean, std] = [prices.mean(), prices.std()];
const loader = new data.DataLoader(new data.TensorDataset(houses, prices.sub(mean).div(std)), { batchSize: 30, shuffle: true });
const testX = rand([500, 6]).mul(2).sub(1);
const testY = priced(testX).sub(mean).div(std);

const net = new nn.Sequential(
  new nn.Linear(6, 48),
  new nn.ReLU(),
  new nn.Linear(48, 24),
  new nn.ReLU(),
  new nn.Linear(24, 1),
);
const criterion = new nn.MSELoss();
const opt = new optim.Adam(net.parameters(), { lr: 0.005 });

for (let epoch = 0; epoch < 13; epoch++) {
  for (const [xb, yb] of loader) {
    opt.zeroGrad();
    const loss = criterion(net(xb), yb);
    loss.backward();
    opt.step();
  }
}

net.eval();
const missed = noGrad(() => net(testX).sub(testY).square().mean().item());
console.log('skill', 1 - missed / testY.sub(testY.mean()).square().mean().item());
