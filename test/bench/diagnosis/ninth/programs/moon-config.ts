import { data, manualSeed, nn, noGrad, optim, randperm } from "gradlens";

const config = { seed: 21, samples: 600, hidden: 20, rate: 0.3, momentum: 0.9, batch: 30, epochs: 15 };
manualSeed(config.seed);

// two half moons: 600 to learn from, 400 to be tested on
const train = data.twoMoons(config.samples, { noise: 0.12 });
const test = data.twoMoons(400, { noise: 0.12 });

const mlp = new nn.Sequential(
  new nn.Linear(2, config.hidden),
  new nn.Tanh(),
  new nn.Linear(config.hidden, config.hidden),
  new nn.Tanh(),
  new nn.Linear(config.hidden, 1),
);
const sgd = new optim.SGD(mlp.parameters(), { lr: config.rate, momentum: config.momentum });
const bce = new nn.BCEWithLogitsLoss();

for (let epoch = 0; epoch < config.epochs; epoch++) {
  const order = randperm(config.samples);
  for (let at = 0; at < config.samples; at += config.batch) {
    const rows = order.slice(0, at, at + config.batch);
    const points = train.x.indexSelect(0, rows);
    const sides = train.y.indexSelect(0, rows);
    sgd.zeroGrad();
    const logits = mlp(points);
    const loss = bce(logits, sides);
    loss.backward();
    sgd.step();
  }
}

mlp.eval();
const right = noGrad(() => mlp(test.x).gt(0).eq(test.y.gt(0.5)).to("float32").mean().item());
console.log('skill', 2 * right - 1);
