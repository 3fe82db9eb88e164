import { data, F, manualSeed, nn, noGrad, optim, rand, randn } from 'gradlens';

manualSeed(314);
/** How strong concrete is: cement, water, ash, age, sand, and heat, all between -1 and 1. */
function strength(mix) {
  const [cement, water, ash, age, sand, heat] = mix.unbind(1);
  const bound = cement.add(ash.mul(0.5)).sub(water.mul(1.4)).tanh();
  const cured = age.add(1.1).log().mul(0.6).add(heat.mul(age).mul(0.5));
  return bound.add(cured).sub(sand.square().mul(0.8)).unsqueeze(1);
}
const mixes = rand([900, 6]).mul(2).sub(1);
const strengths = strength(mixes).add(randn([900, 1]).mul(0.04));
const [trainX, trainY] = [mixes.slice(0, 0, 640), strengths.slice(0, 0, 640)];
const [testX, testY] = [mixes.slice(0, 640), strengths.slice(0, 640)];
const batches = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: 32, shuffle: true });

const regressor = new nn.Sequential(
  new nn.Linear(6, 48),
  new nn.ReLU(),
  new nn.Linear(48, 32),
  new nn.ReLU(),
  new nn.Linear(32, 1),
);
const optimizer = new optim.Adam(regressor.parameters(), { lr: 0.008 });
const schedule = new optim.StepLR(optimizer, { stepSize: 5, gamma: 0.5 });

for (let epoch = 0; epoch < 15; epoch++) {
  for (const [xb, yb] of batches) {
    optimizer.zeroGrad();
    const guess = regressor(xb);
    const loss = F.mseLoss(guess, yb);
    loss.backward();
    optimizer.step();
  }
  schedule.step();
}

regressor.eval();
const error = noGrad(() => regressor(testX).sub(testY).square().mean().item());
console.log('skill', 1 - error / testY.sub(testY.mean()).square().mean().item());
