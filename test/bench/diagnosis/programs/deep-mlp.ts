import { data, F, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(1);
const depth = 8;
const { x, y } = data.twoMoons(256, { noise: 0.1 });
const held = data.twoMoons(400, { noise: 0.1 });

class Deep extends nn.Module {
  input = new nn.Linear(2, 24);
  hidden = new nn.ModuleList(Array.from({ length: depth }, () => new nn.Linear(24, 24)));
  output = new nn.Linear(24, 1);

  constructor() {
    super();
    for (const layer of [this.input, ...this.hidden, this.output]) {
      nn.init.kaimingNormal_(layer.weight, { nonlinearity: 'relu' });
      nn.init.zeros_(layer.bias);
    }
  }

  forward(x) {
    let h = this.input(x).relu();
    for (const layer of this.hidden) h = layer(h).relu();
    return this.output(h);
  }
}
const model = new Deep();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.002 });

for (let step = 0; step < 220; step++) {
  optimizer.zeroGrad();
  const loss = F.binaryCrossEntropyWithLogits(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(held.x).gt(0).eq(held.y.gt(0.5)).to('float32').mean().item());
console.log('skill', (right - 0.5) / 0.5);
