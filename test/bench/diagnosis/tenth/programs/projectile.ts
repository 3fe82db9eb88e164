import { F, manualSeed, nn, noGrad, optim, rand, randn, randperm, stack } from 'gradlens';

const hp = { seed: 48, count: 1000, train: 720, batch: 36, width: 32, lr: 0.006, epochs: 15 };
manualSeed(hp.seed);

// How far a stone flies that is thrown from a cliff: speed, angle, height.
const speed = rand([hp.count]).mul(12).add(5);
const angle = rand([hp.count]).mul(1.3).add(0.1);
const cliff = rand([hp.count]).mul(10);
const up = speed.mul(angle.sin());
const flight = up.add(up.square().add(cliff.mul(2 * 9.81)).sqrt()).div(9.81);
const reach = speed.mul(angle.cos()).mul(flight).add(randn([hp.count]).mul(0.2)).unsqueeze(1);
const normal = (t) => t.sub(t.mean(0)).div(t.std(0));
const inputs = normal(stack([speed, angle, cliff], 1));
const targets = normal(reach);
const [trainX, trainY] = [inputs.slice(0, 0, hp.train), targets.slice(0, 0, hp.train)];
const [testX, testY] = [inputs.slice(0, hp.train), targets.slice(0, hp.train)];

const mlp = new nn.Sequential(
  new nn.Linear(3, hp.width),
  new nn.ELU(),
  new nn.Linear(hp.width, hp.width),
  new nn.ELU(),
  new nn.Linear(hp.width, 1),
);
const optimizer = new optim.Adam(mlp.parameters(), { lr: hp.lr });
const patience = new optim.ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 2 });

for (let epoch = 0; epoch < hp.epochs; epoch++) {
  const order = randperm(hp.train);
  let total = 0;
  for (let b = 0; b < hp.train; b += hp.batch) {
    const rows = order.slice(0, b, b + hp.batch);
    const x = trainX.indexSelect(0, rows);
    const y = trainY.indexSelect(0, rows);
    optimizer.zeroGrad();
    const estimate = mlp(x);
    const loss = F.huberLoss(estimate, y);
    loss.backward();
    optimizer.step();
    total += loss.item();
  }
  patience.step(total);
}

mlp.eval();
const missed = noGrad(() => F.mseLoss(mlp(testX), testY).item());
console.log('skill', 1 - missed / testY.sub(testY.mean()).square().mean().item());
