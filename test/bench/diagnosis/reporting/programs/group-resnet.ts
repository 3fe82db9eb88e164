import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

const cfg = { seed: 69, channels: 12, blocks: 3, batchSize: 50, epochs: 7, lr: 0.006 };
manualSeed(cfg.seed);

const rows = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const maps = rows.slice(1, 0, 64).div(16).sub(0.3).mul(2.5).reshape([-1, 1, 8, 8]);
const names = rows.select(1, 64).to('int32');
const [trainX, trainY] = [maps.slice(0, 0, 1300), names.slice(0, 0, 1300)];
const [testX, testY] = [maps.slice(0, 1300), names.slice(0, 1300)];

class Shortcut extends nn.Module {
  constructor(channels) {
    super();
    this.norm1 = new nn.GroupNorm(3, channels);
    this.conv1 = new nn.Conv2d(channels, channels, 3, { padding: 1 });
    this.norm2 = new nn.GroupNorm(3, channels);
    this.conv2 = new nn.Conv2d(channels, channels, 3, { padding: 1 });
  }

  forward(x) {
    const y = this.conv1(F.relu(this.norm1(x)));
    const z = this.conv2(F.relu(this.norm2(y)));
    return x.add(z);
  }
}

class GroupResNet extends nn.Module {
  constructor({ channels, blocks }) {
    super();
    this.stem = new nn.Conv2d(1, channels, 3, { stride: 2, padding: 1 });
    this.trunk = new nn.Sequential(...Array.from({ length: blocks }, () => new Shortcut(channels)));
    this.final = new nn.GroupNorm(3, channels);
    this.fc = new nn.Linear(channels * 4, 10);
  }

  forward(x) {
    const features = F.relu(this.final(this.trunk(this.stem(x))));
    const pooled = F.avgPool2d(features, 2).flatten(1);
    return this.fc(pooled);
  }
}

const resnet = new GroupResNet(cfg);
const optimizer = new optim.AdamW(resnet.parameters(), { lr: cfg.lr, weightDecay: 0.01 });
const cosine = new optim.CosineAnnealingLR(optimizer, { tMax: cfg.epochs * 26, etaMin: 0.0002 });

for (let epoch = 0; epoch < cfg.epochs; epoch++) {
  const order = randperm(1300);
  for (let start = 0; start < 1300; start += cfg.batchSize) {
    const pick = order.slice(0, start, start + cfg.batchSize);
    const xb = trainX.indexSelect(0, pick);
    const yb = trainY.indexSelect(0, pick);
    const logits = resnet(xb);
    const loss = F.crossEntropy(logits, yb);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    cosine.step();
  }
}

resnet.eval();
const right = noGrad(() => resnet(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
