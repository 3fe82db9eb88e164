import { F, manualSeed, nn, noGrad, optim, rand, randint, randn, tensor } from 'gradlens';

manualSeed(1);
const length = 18;
/** Waves of four frequencies with a phase of their own and some noise. */
const waves = (n) => {
  const kinds = randint(0, 4, [n]).to('int32');
  const times = tensor(Array.from({ length }, (_, t) => t)).unsqueeze(0);
  const frequency = kinds.to('float32').add(1).mul(0.25).unsqueeze(1);
  const wave = times
    .mul(frequency)
    .add(rand([n, 1]).mul(6.28))
    .sin();
  return [wave.add(randn([n, length]).mul(0.2)).unsqueeze(2), kinds];
};
const [heldX, heldY] = waves(512);

class Listener extends nn.Module {
  gru = new nn.GRU(1, 24, { batchFirst: true });
  output = new nn.Linear(24, 4);

  forward(x) {
    const [states] = this.gru(x);
    return this.output(states.select(1, -1));
  }
}
const model = new Listener();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.015 });

for (let step = 0; step < 240; step++) {
  const [x, y] = waves(48);
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 0.25) / 0.75);
