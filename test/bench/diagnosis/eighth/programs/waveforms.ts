import { manualSeed, nn, noGrad, optim, rand, randint, randn, stack, tensor } from 'gradlens';

manualSeed(712);
const time = tensor([Array.from({ length: 20 }, (_, t) => t)]);
/** Sines, squares and saws, of any frequency and phase: which of them. */
function waves(count) {
  const phase = time.mul(rand([count, 1]).mul(0.08).add(0.06)).add(rand([count, 1]));
  const turn = phase.sub(phase.floor());
  const kinds = [turn.mul(2 * Math.PI).sin(), turn.lt(0.5).to('float32').mul(2).sub(1), turn.mul(2).sub(1)];
  const kind = randint(0, 3, [count]);
  const picked = stack(kinds, 1).takeAlongDim(kind.reshape([-1, 1, 1]).expand([count, 1, 20]), 1);
  return [picked.squeeze(1).add(randn([count, 20]).mul(0.08)).unsqueeze(2), kind];
}
const [testX, testY] = waves(400);

class Listener extends nn.Module {
  gru = new nn.GRU(1, 28, { batchFirst: true });
  dense = new nn.Linear(28, 16);
  kind = new nn.Linear(16, 3);

  forward(x) {
    const [states] = this.gru(x);
    const heard = states.mean(1);
    return this.kind(this.dense(heard).relu());
  }
}
const listener = new Listener();
const optimizer = new optim.Adam(listener.parameters(), { lr: 0.004 });
const criterion = new nn.CrossEntropyLoss();

for (let step = 0; step < 220; step++) {
  const [xb, yb] = waves(32);
  optimizer.zeroGrad();
  const out = listener(xb);
  const loss = criterion(out, yb);
  loss.backward();
  optimizer.step();
}

listener.eval();
const right = noGrad(() => listener(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
