import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(305);
const digits = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pixels = digits.slice(1, 0, 64).div(16).sub(0.5).mul(2);
const labels = digits.select(1, 64).to('int32');
const [trainX, trainY] = [pixels.slice(0, 0, 1280), labels.slice(0, 0, 1280)];
const [testX, testY] = [pixels.slice(0, 1280), labels.slice(0, 1280)];

const mlp = new nn.Sequential(
  new nn.Linear(64, 128),
  new nn.ReLU(),
  new nn.Dropout(0.15),
  new nn.Linear(128, 40),
  new nn.ReLU(),
  new nn.Dropout(0.15),
  new nn.Linear(40, 10),
);
const lossFn = new nn.CrossEntropyLoss();
const optimizer = new optim.RMSprop(mlp.parameters(), { lr: 0.0015 });

for (let epoch = 0; epoch < 10; epoch++) {
  mlp.train();
  const order = randperm(1280);
  for (let start = 0; start < 1280; start += 64) {
    const picked = order.slice(0, start, start + 64);
    const [xb, yb] = [trainX.indexSelect(0, picked), trainY.indexSelect(0, picked)];
    optimizer.zeroGrad();
    const logits = mlp(xb);
    const loss = lossFn(logits, yb);
    loss.backward();
    optimizer.step();
  }
}

mlp.eval();
const right = noGrad(() => mlp(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
