import { data, F, manualSeed, nn, noGrad, optim, randint, randperm } from 'gradlens';

manualSeed(30);
const rows = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = rows.slice(1, 0, 64).div(16).sub(0.5).mul(2).reshape([-1, 1, 8, 8]);
const labels = rows.select(1, 64).to('int32');
const [trainX, trainY] = [images.slice(0, 0, 1300), labels.slice(0, 0, 1300)];
const [testX, testY] = [images.slice(0, 1300), labels.slice(0, 1300)];

const conv3 = (a, b, stride = 1) => new nn.Conv2d(a, b, 3, { stride, padding: 1, bias: false });

class ResBlock extends nn.Module {
  constructor(a, b, stride) {
    super();
    this.convA = conv3(a, b, stride);
    this.bnA = new nn.BatchNorm2d(b);
    this.convB = conv3(b, b);
    this.bnB = new nn.BatchNorm2d(b);
    this.skip = new nn.Conv2d(a, b, 1, { stride, bias: false });
  }

  forward(x) {
    const y = F.relu(this.bnA(this.convA(x)));
    const z = this.bnB(this.convB(y));
    return F.relu(z.add(this.skip(x)));
  }
}

class TinyResNet extends nn.Module {
  stem = conv3(1, 8);
  stage1 = new ResBlock(8, 8, 2);
  stage2 = new ResBlock(8, 16, 2);
  fc = new nn.Linear(16, 10);

  forward(x) {
    const maps = this.stage2(this.stage1(F.relu(this.stem(x))));
    return this.fc(maps.mean([2, 3]));
  }
}
const resnet = new TinyResNet();
const optimizer = new optim.SGD(resnet.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 5e-4 });

for (let step = 0; step < 220; step++) {
  const chosen = randint(0, 1300, [48]);
  const xb = trainX.indexSelect(0, chosen);
  const yb = trainY.indexSelect(0, chosen);
  const logits = resnet(xb);
  const loss = F.crossEntropy(logits, yb);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
}

resnet.eval();
const right = noGrad(() => resnet(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
