import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(307);
const digits = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pictures = digits.slice(1, 0, 64).div(16).sub(0.3).mul(2.6).reshape([-1, 1, 8, 8]);
const labels = digits.select(1, 64).to('int32');
const [trainX, trainY] = [pictures.slice(0, 0, 1320), labels.slice(0, 0, 1320)];
const [testX, testY] = [pictures.slice(0, 1320), labels.slice(0, 1320)];

class BasicBlock extends nn.Module {
  constructor(from, to, stride) {
    super();
    this.conv1 = new nn.Conv2d(from, to, 3, { stride, padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(to);
    this.conv2 = new nn.Conv2d(to, to, 3, { padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(to);
    this.shortcut = from === to ? new nn.Identity() : new nn.Conv2d(from, to, 1, { stride });
  }

  forward(x) {
    const inner = F.relu(this.bn1(this.conv1(x)));
    return F.relu(this.bn2(this.conv2(inner)).add(this.shortcut(x)));
  }
}
const resnet = new nn.Sequential(
  new nn.Conv2d(1, 10, 3, { padding: 1, bias: false }),
  new nn.BatchNorm2d(10),
  new nn.ReLU(),
  new BasicBlock(10, 10, 1),
  new BasicBlock(10, 20, 2),
  new nn.AdaptiveAvgPool2d(1),
  new nn.Flatten(),
  new nn.Linear(20, 10),
);
const lossFn = new nn.CrossEntropyLoss();
const sgd = new optim.SGD(resnet.parameters(), { lr: 0.06, momentum: 0.9, nesterov: true, weightDecay: 1e-4 });

for (let step = 0; step < 130; step++) {
  const picked = randperm(1320).slice(0, 0, 44);
  const [xb, yb] = [trainX.indexSelect(0, picked), trainY.indexSelect(0, picked)];
  const logits = resnet(xb);
  const loss = lossFn(logits, yb);
  sgd.zeroGrad();
  loss.backward();
  sgd.step();
}

resnet.eval();
const right = noGrad(() => resnet(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
