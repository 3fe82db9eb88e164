import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(26);
const iris = data.readCsv(new URL('./iris.csv', import.meta.url), { skipRows: 1 }).indexSelect(0, randperm(150));
const raw = iris.slice(1, 0, 4);
const features = raw.sub(raw.mean(0)).div(raw.std(0));
const species = iris.select(1, 4).to('int32');
const [trainX, trainY] = [features.slice(0, 0, 96), species.slice(0, 0, 96)];
const [testX, testY] = [features.slice(0, 96), species.slice(0, 96)];

class IrisNet extends nn.Module {
  fc1 = new nn.Linear(4, 16);
  fc2 = new nn.Linear(16, 3);

  forward(x) {
    const hidden = F.sigmoid(this.fc1(x));
    return this.fc2(hidden);
  }
}
const model = new IrisNet();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.03 });

// 32 flowers at a time, three times an epoch
for (let epoch = 0; epoch < 70; epoch++) {
  const order = randperm(96);
  for (let b = 0; b < 3; b++) {
    const index = order.slice(0, b * 32, b * 32 + 32);
    const inputs = trainX.indexSelect(0, index);
    const targets = trainY.indexSelect(0, index);
    const outputs = model(inputs);
    const loss = F.crossEntropy(outputs, targets);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
}

model.eval();
const right = noGrad(() => model(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
