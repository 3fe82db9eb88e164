import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(67);
const BATCH = 42;
const EPOCHS = 7;
const raw = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pictures = raw.slice(1, 0, 64).sub(5).div(6).reshape([-1, 1, 8, 8]);
const answers = raw.select(1, 64).to('int32');
const [trainX, trainY] = [pictures.slice(0, 0, 1302), answers.slice(0, 0, 1302)];
const [testX, testY] = [pictures.slice(0, 1302), answers.slice(0, 1302)];
const batches = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: BATCH, shuffle: true });

class StrideNet extends nn.Module {
  c1 = new nn.Conv2d(1, 12, 3, { stride: 1, padding: 1 });
  c2 = new nn.Conv2d(12, 20, 3, { stride: 2, padding: 1 });
  c3 = new nn.Conv2d(20, 20, 3, { stride: 2, padding: 1 });
  dense = new nn.Linear(80, 10);

  forward(x) {
    let z = F.relu(this.c1(x));
    z = F.relu(this.c2(z));
    z = F.relu(this.c3(z));
    return F.logSoftmax(this.dense(z.flatten(1)), 1);
  }
}

const cnn = new StrideNet();
const momentum = new optim.SGD(cnn.parameters(), { lr: 0.04, momentum: 0.9, nesterov: true });
const nll = new nn.NLLLoss();

for (let epoch = 0; epoch < EPOCHS; epoch++) {
  for (const [image, digit] of batches) {
    const logProbs = cnn(image);
    const loss = nll(logProbs, digit);
    momentum.zeroGrad();
    loss.backward();
    momentum.step();
  }
}

cnn.eval();
const right = noGrad(() => cnn(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
