import { F, manualSeed, nn, noGrad, optim, rand, tensor } from 'gradlens';

manualSeed(1);
const size = 12;
const numbers = rand([320, 5]).toArray();
const noise = rand([320, size, size]).mul(0.3).toArray();
const scenes = numbers.map(([a, b, c, d, e], i) => {
  const [w, h] = [4 + Math.floor(a * 4), 4 + Math.floor(b * 4)];
  const [left, top] = [Math.floor(c * (size - w)), Math.floor(d * (size - h))];
  for (let r = top; r < top + h; r++)
    for (let k = left; k < left + w; k++) {
      const border = r === top || r === top + h - 1 || k === left || k === left + w - 1;
      if (e < 0.5 || border) noise[i][r][k] = 1;
    }
  return { pixels: [noise[i]], box: [left / size, top / size, (left + w) / size, (top + h) / size], kind: e < 0.5 ? 0 : 1 };
});
const images = tensor(scenes.map((s) => s.pixels));
const boxes = tensor(scenes.map((s) => s.box));
const kinds = tensor(scenes.map((s) => s.kind), { dtype: 'int32' });

class Detector extends nn.Module {
  conv1 = new nn.Conv2d(1, 12, 3, { stride: 2, padding: 1 });
  conv2 = new nn.Conv2d(12, 16, 3, { padding: 1 });
  hidden = new nn.Linear(16 * 36, 48);
  box = new nn.Linear(48, 4);
  kind = new nn.Linear(48, 2);

  forward(x) {
    const h = this.conv2(this.conv1(x).silu()).silu();
    const common = this.hidden(h.flatten(1)).silu();
    return { box: this.box(common).sigmoid(), logits: this.kind(common) };
  }
}
const model = new Detector();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.003 });

for (let step = 0; step < 220; step++) {
  const start = (step * 32) % 256;
  const x = images.slice(0, start, start + 32);
  const [box, kind] = [boxes.slice(0, start, start + 32), kinds.slice(0, start, start + 32)];
  optimizer.zeroGrad();
  const out = model(x);
  const loss = F.smoothL1Loss(out.box, box).mul(20).add(F.crossEntropy(out.logits, kind));
  loss.backward();
  optimizer.step();
}

model.eval();
const told = noGrad(() => model(images.slice(0, 256)));
const wanted = boxes.slice(0, 256);
const missed = told.box.sub(wanted).square().mean().item() / wanted.sub(wanted.mean(0)).square().mean().item();
const right = told.logits.argmax(1).eq(kinds.slice(0, 256)).to('float32').mean().item();
console.log('skill', (1 - missed + 2 * (right - 0.5)) / 2);
