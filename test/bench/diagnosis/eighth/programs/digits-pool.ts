import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(708);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).div(8).sub(1).reshape([-1, 1, 8, 8]);
const labels = table.select(1, 64).to('int32');
const [trainX, trainY] = [images.slice(0, 0, 1360), labels.slice(0, 0, 1360)];
const [testX, testY] = [images.slice(0, 1360), labels.slice(0, 1360)];

class ConvNet extends nn.Module {
  conv1 = new nn.Conv2d(1, 12, 5, { padding: 2 });
  conv2 = new nn.Conv2d(12, 18, 3, { padding: 1 });
  fc = new nn.Linear(18 * 2 * 2, 10);

  forward(x) {
    const low = F.maxPool2d(F.relu(this.conv1(x)), 2);
    const high = F.maxPool2d(F.relu(this.conv2(low)), 2);
    return this.fc(high.flatten(1));
  }
}
const convnet = new ConvNet();
const optimizer = new optim.Adam(convnet.parameters(), { lr: 0.006 });

for (let step = 0; step < 170; step++) {
  const first = (step * 40) % 1360;
  const xb = trainX.slice(0, first, first + 40);
  const yb = trainY.slice(0, first, first + 40);
  optimizer.zeroGrad();
  const out = convnet(xb);
  const loss = F.crossEntropy(out, yb);
  loss.backward();
  optimizer.step();
}

convnet.eval();
const right = noGrad(() => convnet(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
