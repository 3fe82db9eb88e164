import { data, F, manualSeed, nn, noGrad, optim, rand } from 'gradlens';

manualSeed(1);
const actions = 5;
const made = data.blobs(1200, { centers: actions, features: 3, std: 1.2 });
const contexts = made.x.sub(made.x.mean(0)).div(made.x.std(0));
const best = made.y.squeeze(1).to('int32');

/** A contextual bandit: only one of the actions pays. */
class Policy extends nn.Module {
  body = new nn.Sequential(new nn.Linear(3, 32), new nn.Tanh(), new nn.Linear(32, 32), new nn.Tanh());
  head = new nn.Linear(32, actions);

  forward(x) {
    return this.head(this.body(x)).logSoftmax(1);
  }
}
const model = new Policy();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.006 });

for (let step = 0; step < 260; step++) {
  const start = (step * 80) % 800;
  const [x, pays] = [contexts.slice(0, start, start + 80), best.slice(0, start, start + 80)];
  const logarithms = model(x);
  // by Gumbel's trick
  const chosen = noGrad(() => logarithms.sub(rand(logarithms.shape).log().neg().log()).argmax(1)).to('int32');
  const reward = chosen.eq(pays).to('float32');
  const advantage = reward.sub(reward.mean());
  optimizer.zeroGrad();
  // REINFORCE (Williams 1992), with the mean for a baseline
  const loss = logarithms.mul(F.oneHot(chosen, actions)).sum(1).mul(advantage).mean().neg();
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(contexts.slice(0, 800)).argmax(1).eq(best.slice(0, 800)).to('float32').mean().item());
console.log('skill', (right - 1 / actions) / (1 - 1 / actions));
