import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).reshape([-1, 1, 8, 8]).sub(5).div(6);
const labels = table.select(1, 64).to('int32');
const [heldX, heldY] = [images.slice(0, 1280), labels.slice(0, 1280)];

class PlainCnn extends nn.Module {
  conv1 = new nn.Conv2d(1, 8, 3, { padding: 1 });
  conv2 = new nn.Conv2d(8, 8, 3, { padding: 1 });
  conv3 = new nn.Conv2d(8, 16, 3, { stride: 2, padding: 1 });
  conv4 = new nn.Conv2d(16, 16, 3, { padding: 1 });
  output = new nn.Linear(256, 10);

  forward(x) {
    let h = this.conv1(x).relu();
    h = this.conv2(h).relu();
    h = this.conv3(h).relu();
    h = this.conv4(h).relu();
    return this.output(h.flatten(1));
  }
}
const model = new PlainCnn();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.003 });

for (let step = 0; step < 220; step++) {
  const start = (step * 32) % 1280;
  const [x, y] = [images.slice(0, start, start + 32), labels.slice(0, start, start + 32)];
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
