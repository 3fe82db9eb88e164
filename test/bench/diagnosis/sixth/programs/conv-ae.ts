import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(118);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).div(16).reshape([-1, 1, 8, 8]);
const held = images.slice(0, 1344);

class ConvAutoencoder extends nn.Module {
  conv1 = new nn.Conv2d(1, 12, 3, { padding: 1 });
  conv2 = new nn.Conv2d(12, 12, 3, { padding: 1 });
  conv3 = new nn.Conv2d(12, 8, 3, { padding: 1 });
  conv4 = new nn.Conv2d(8, 1, 3, { padding: 1 });

  encode(x) {
    x = F.maxPool2d(this.conv1(x).relu(), 2);
    return F.maxPool2d(this.conv2(x), 2);
  }

  decode(code) {
    let out = F.interpolate(code, { scaleFactor: 2 });
    out = F.interpolate(this.conv3(out).relu(), { scaleFactor: 2 });
    return this.conv4(out).sigmoid();
  }

  forward(x) {
    const code = this.encode(x);
    return this.decode(code);
  }
}
const model = new ConvAutoencoder();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.012 });

for (let step = 0; step < 210; step++) {
  const from = (step * 48) % 1344;
  const batch = images.slice(0, from, from + 48);
  optimizer.zeroGrad();
  const restored = model(batch);
  const loss = F.binaryCrossEntropy(restored, batch);
  loss.backward();
  optimizer.step();
}

model.eval();
const error = noGrad(() => model(held).sub(held).square().mean().item());
console.log('skill', 1 - error / held.sub(held.mean(0)).square().mean().item());
