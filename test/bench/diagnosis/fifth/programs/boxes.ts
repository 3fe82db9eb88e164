import { F, manualSeed, nn, noGrad, optim, rand, tensor } from 'gradlens';

manualSeed(18);
const side = 14;
/** A filled square or a cross somewhere in noise; where it is (centre and size, in sides), and which of the two. */
function scene([u, v, w, kind], noise) {
  const half = 1.5 + 2 * w;
  const [cx, cy] = [half + u * (side - 2 * half), half + v * (side - 2 * half)];
  const pixels = noise.map((row, r) =>
    row.map((value, k) => {
      const [dy, dx] = [Math.abs(r + 0.5 - cy), Math.abs(k + 0.5 - cx)];
      const inside = Math.max(dx, dy) < half && (kind < 0.5 || Math.min(dx, dy) < 0.8);
      return inside ? 1 - value : value;
    }),
  );
  return { pixels: [pixels], box: [cx / side, cy / side, (2 * half) / side], kind: kind < 0.5 ? 0 : 1 };
}
const noises = rand([400, side, side]).mul(0.25).toArray();
const scenes = rand([400, 4]).toArray().map((numbers, i) => scene(numbers, noises[i]));
const pictures = tensor(scenes.map(({ pixels }) => pixels));
const boxes = tensor(scenes.map(({ box }) => box));
const kinds = tensor(scenes.map(({ kind }) => kind), { dtype: 'int32' });

class Finder extends nn.Module {
  conv1 = new nn.Conv2d(1, 8, 3, { padding: 1 });
  conv2 = new nn.Conv2d(8, 12, 3, { padding: 1 });
  fc = new nn.Linear(12 * 3 * 3, 48);
  where = new nn.Linear(48, 3);
  what = new nn.Linear(48, 2);

  forward(x) {
    let out = F.maxPool2d(this.conv1(x).relu(), 2);
    out = F.maxPool2d(this.conv2(out).relu(), 2);
    const common = this.fc(out.flatten(1)).relu();
    return [this.where(common), this.what(common)];
  }
}
const net = new Finder();
const opt = new optim.SGD(net.parameters(), { lr: 0.05, momentum: 0.9 });

for (let step = 0; step < 240; step++) {
  const from = (step * 32) % 320;
  const xb = pictures.slice(0, from, from + 32);
  const [box, kind] = [boxes.slice(0, from, from + 32), kinds.slice(0, from, from + 32)];
  opt.zeroGrad();
  const [where, what] = net(xb);
  const loss = F.mseLoss(where, box).mul(10).add(F.crossEntropy(what, kind));
  loss.backward();
  opt.step();
}

net.eval();
const [where, what] = noGrad(() => net(pictures.slice(0, 320)));
const wanted = boxes.slice(0, 320);
const missed = where.sub(wanted).square().mean().item() / wanted.sub(wanted.mean(0)).square().mean().item();
const right = what.argmax(1).eq(kinds.slice(0, 320)).to('float32').mean().item();
console.log('skill', (1 - missed + (2 * right - 1)) / 2);
