import { cat, F, manualSeed, nn, noGrad, optim, rand, randn } from 'gradlens';

manualSeed(1);
const length = 14;
/** The sum of those numbers that are marked (Hochreiter & Schmidhuber 1997, the adding problem, short). */
const problem = (n) => {
  const [numbers, marks] = [randn([n, length]), rand([n, length]).lt(0.3).to('float32')];
  return [cat([numbers.unsqueeze(2), marks.unsqueeze(2)], 2), numbers.mul(marks).sum(1, { keepdim: true })];
};
const [heldX, heldY] = problem(512);

class Adder extends nn.Module {
  lstm = new nn.LSTM(2, 28, { batchFirst: true });
  output = new nn.Linear(28, 1);

  forward(x) {
    const [states] = this.lstm(x);
    return this.output(states.select(1, -1));
  }
}
const model = new Adder();
const optimizer = new optim.RMSprop(model.parameters(), { lr: 0.004 });

for (let step = 0; step < 300; step++) {
  const [x, y] = problem(48);
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const missed = noGrad(() => model(heldX).sub(heldY).square().mean().item());
console.log('skill', 1 - missed / heldY.sub(heldY.mean()).square().mean().item());
