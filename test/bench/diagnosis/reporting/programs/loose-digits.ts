import { data, manualSeed, noGrad, optim, randn, randperm, zeros } from 'gradlens';

manualSeed(64);
const csv = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pixels = csv.slice(1, 0, 64).div(16);
const digits = csv.select(1, 64).to('int32');
const [trainX, trainY] = [pixels.slice(0, 0, 1200), digits.slice(0, 0, 1200)];
const [testX, testY] = [pixels.slice(0, 1200), digits.slice(0, 1200)];

// no modules: tensors and what is done with them
const w1 = randn([64, 48]).mul(Math.sqrt(2 / 64)).requiresGrad_();
const b1 = zeros([48]).requiresGrad_();
const w2 = randn([48, 32]).mul(Math.sqrt(2 / 48)).requiresGrad_();
const b2 = zeros([32]).requiresGrad_();
const w3 = randn([32, 10]).mul(Math.sqrt(1 / 32)).requiresGrad_();
const b3 = zeros([10]).requiresGrad_();
const weights = [w1, b1, w2, b2, w3, b3];

function predict(x) {
  const h1 = x.matmul(w1).add(b1).relu();
  const h2 = h1.matmul(w2).add(b2).relu();
  return h2.matmul(w3).add(b3);
}

/** Cross entropy: logarithm of the sum of exponentials, less the score of what it is. */
const negLogLikelihood = (scores, target) =>
  scores.logsumexp(1).sub(scores.gather(1, target.unsqueeze(1)).squeeze(1)).mean();

const optimizer = new optim.SGD(weights, { lr: 0.2 });
let step = 0;
while (step < 300) {
  const order = randperm(1200);
  for (let from = 0; from < 1200 && step < 300; from += 40, step++) {
    const rows = order.slice(0, from, from + 40);
    const x = trainX.indexSelect(0, rows);
    const y = trainY.indexSelect(0, rows);
    const scores = predict(x);
    const cost = negLogLikelihood(scores, y);
    optimizer.zeroGrad();
    cost.backward();
    optimizer.step();
    if (step % 50 === 0) console.log(step, cost.item());
  }
}

const right = noGrad(() => predict(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
