import { F, manualSeed, nn, noGrad, optim, randn } from 'gradlens';

manualSeed(111);
/** What a plant yields, by five measurements. */
function yields(x) {
  const [sun, water, soil, heat, wind] = x.unbind(1);
  return sun.mul(water).add(heat.mul(1.5).tanh().mul(2)).add(soil.abs()).sub(wind.mul(0.5)).unsqueeze(1);
}
const trainX = randn([640, 5]);
const trainY = yields(trainX).sub(0.8).div(1.8);
const testX = randn([400, 5]);
const testY = yields(testX).sub(0.8).div(1.8);

class ResidualBlock extends nn.Module {
  constructor(width) {
    super();
    this.norm = new nn.LayerNorm(width);
    this.fc1 = new nn.Linear(width, 2 * width);
    this.fc2 = new nn.Linear(2 * width, width);
  }

  forward(x) {
    return x.add(this.fc2(F.gelu(this.fc1(this.norm(x)))));
  }
}
const model = new nn.Sequential(
  new nn.Linear(5, 24),
  new ResidualBlock(24),
  new ResidualBlock(24),
  new ResidualBlock(24),
  new nn.LayerNorm(24),
  new nn.Linear(24, 1),
);
const criterion = new nn.MSELoss();
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.004 });

for (let step = 0; step < 220; step++) {
  const from = (step * 64) % 640;
  const [inputs, targets] = [trainX.slice(0, from, from + 64), trainY.slice(0, from, from + 64)];
  optimizer.zeroGrad();
  const outputs = model(inputs);
  const loss = criterion(outputs, targets);
  loss.backward();
  optimizer.step();
}

model.eval();
const error = noGrad(() => model(testX).sub(testY).square().mean().item());
console.log('skill', 1 - error / testY.sub(testY.mean()).square().mean().item());
