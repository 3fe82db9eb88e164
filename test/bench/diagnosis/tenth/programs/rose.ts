import { manualSeed, nn, noGrad, optim, rand, randperm, stack } from 'gradlens';

manualSeed(41);
/** Points of a disc; a rose of three petals is 1, what is between them 0. */
function sample(n) {
  const angle = rand([n]).mul(2 * Math.PI);
  const radius = rand([n]).sqrt().mul(1.5);
  const points = stack([radius.mul(angle.cos()), radius.mul(angle.sin())], 1);
  return { points, inside: angle.mul(3).sin().gt(0).to('float32').unsqueeze(1) };
}
const training = sample(800);
const validation = sample(500);

const net = new nn.Sequential(
  new nn.Linear(2, 36),
  new nn.ReLU(),
  new nn.Linear(36, 24),
  new nn.ReLU(),
  new nn.Linear(24, 1),
);
const optimizer = new optim.SGD(net.parameters(), { lr: 0.15, momentum: 0.9 });
const criterion = new nn.BCEWithLogitsLoss();

function trainStep(x, y) {
  optimizer.zeroGrad();
  const scores = net(x);
  const loss = criterion(scores, y);
  loss.backward();
  optimizer.step();
  return loss.item();
}

for (let epoch = 1; epoch <= 20; epoch++) {
  const order = randperm(800);
  let sum = 0;
  for (let start = 0; start < 800; start += 40) {
    const rows = order.slice(0, start, start + 40);
    sum += trainStep(training.points.indexSelect(0, rows), training.inside.indexSelect(0, rows));
  }
  if (epoch % 5 === 0) console.log(`epoch ${epoch}: ${(sum / 20).toFixed(4)}`);
}

net.eval();
const right = noGrad(() => net(validation.points).gt(0).eq(validation.inside.gt(0.5)).to('float32').mean().item());
console.log('skill', 2 * right - 1);
