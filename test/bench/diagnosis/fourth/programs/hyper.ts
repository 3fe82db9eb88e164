import { F, manualSeed, nn, noGrad, optim, rand } from 'gradlens';

manualSeed(1);
/** A wave of given height, length and place: a network that makes the network that draws it (Ha et al. 2017). */
const waves = (n) => {
  const code = rand([n, 3]).mul(2).sub(1);
  const at = rand([n, 20, 1]).mul(4).sub(2);
  const [height, slow, shift] = [0, 1, 2].map((i) => code.slice(1, i, i + 1).unsqueeze(1));
  return [code, at, at.mul(slow.mul(0.5).add(1.5)).add(shift).sin().mul(height.mul(0.5).add(1))];
};
const [heldCode, heldAt, heldY] = waves(200);
const width = 12;

class Hyper extends nn.Module {
  code = new nn.Sequential(new nn.Linear(3, 40), new nn.ReLU(), new nn.Linear(40, 40), new nn.ReLU());
  first = new nn.Linear(40, width * 2);
  second = new nn.Linear(40, width + 1);

  forward(code, at) {
    const h = this.code(code);
    const [first, second] = [this.first(h).unsqueeze(1), this.second(h).unsqueeze(1)];
    const inner = at.mul(first.slice(2, 0, width)).add(first.slice(2, width)).tanh();
    return inner.mul(second.slice(2, 0, width)).sum(2, { keepdim: true }).add(second.slice(2, width));
  }
}
const model = new Hyper();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.006 });

for (let step = 0; step < 280; step++) {
  const [code, at, y] = waves(48);
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(code, at), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const missed = noGrad(() => model(heldCode, heldAt).sub(heldY).square().mean().item());
console.log('skill', 1 - missed / heldY.sub(heldY.mean()).square().mean().item());
