import { data, F, manualSeed, nn, noGrad, optim } from 'gradlens';

manualSeed(1);
const depth = 8;
const made = data.blobs(900, { centers: 6, features: 4, std: 2 });
const points = made.x.sub(made.x.mean(0)).div(made.x.std(0));
const kinds = made.y.squeeze(1).to('int32').remainder(3);
const [heldX, heldY] = [points.slice(0, 600), kinds.slice(0, 600)];

class Tower extends nn.Module {
  input = new nn.Linear(4, 20);
  hidden = new nn.ModuleList(Array.from({ length: depth }, () => new nn.Linear(20, 20)));
  output = new nn.Linear(20, 3);

  constructor() {
    super();
    for (const layer of [this.input, ...this.hidden, this.output]) {
      nn.init.xavierNormal_(layer.weight, { gain: 1.3 });
      nn.init.zeros_(layer.bias);
    }
  }

  forward(x) {
    let h = this.input(x).tanh();
    for (const layer of this.hidden) h = layer(h).tanh();
    return this.output(h);
  }
}
const model = new Tower();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.002 });

for (let step = 0; step < 220; step++) {
  const start = (step * 100) % 600;
  const [x, y] = [points.slice(0, start, start + 100), kinds.slice(0, start, start + 100)];
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
