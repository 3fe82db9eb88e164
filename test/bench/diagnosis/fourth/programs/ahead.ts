import { F, manualSeed, nn, noGrad, optim, rand } from 'gradlens';

manualSeed(1);
const length = 12;
/** Steps up and down: at every time, whether more went up than down in the last four. */
const walks = (n) => {
  const x = rand([n, length, 1]).lt(0.5).to('float32').mul(2).sub(1);
  const padded = F.pad(x, [0, 0, 3, 0]);
  const four = [0, 1, 2, 3].map((k) => padded.slice(1, k, k + length)).reduce((a, b) => a.add(b));
  return [x, four.add(x.mul(0.5)).gt(0).to('float32')];
};
const [heldX, heldY] = walks(400);

/** Elman 1990. */
class Recurrent extends nn.Module {
  rnn = new nn.RNN(1, 32, { batchFirst: true });
  output = new nn.Linear(32, 1);

  forward(x) {
    const [states] = this.rnn(x);
    return this.output(states);
  }
}
const model = new Recurrent();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.008 });

for (let step = 0; step < 220; step++) {
  const [x, y] = walks(48);
  optimizer.zeroGrad();
  const loss = F.binaryCrossEntropyWithLogits(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).gt(0).to('float32').eq(heldY).to('float32').mean().item());
const more = heldY.mean().item();
const always = Math.max(more, 1 - more);
console.log('skill', (right - always) / (1 - always));
