import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).reshape([-1, 1, 8, 8]).div(8).sub(1);
const labels = table.select(1, 64).to('int32');
const [heldX, heldY] = [images.slice(0, 1280), labels.slice(0, 1280)];

class LeNet extends nn.Module {
  conv1 = new nn.Conv2d(1, 6, 3, { padding: 1 });
  conv2 = new nn.Conv2d(6, 16, 3);
  hidden = new nn.Linear(64, 40);
  output = new nn.Linear(40, 10);

  forward(x) {
    let h = F.avgPool2d(this.conv1(x).tanh(), 2);
    h = this.conv2(h).tanh();
    h = this.hidden(h.flatten(1)).tanh();
    return this.output(h);
  }
}
const model = new LeNet();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });

for (let step = 0; step < 240; step++) {
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
