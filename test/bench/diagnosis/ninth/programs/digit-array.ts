import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(24);
const rows = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pixels = rows.slice(1, 0, 64).div(16);
const digits = rows.select(1, 64).to('int32');
const [trainX, trainY] = [pixels.slice(0, 0, 1250), digits.slice(0, 0, 1250)];
const [testX, testY] = [pixels.slice(0, 1250), digits.slice(0, 1250)];

const sizes = [64, 80, 40, 10];
const linear = sizes.slice(1).map((to, i) => new nn.Linear(sizes[i], to));
const net = new nn.Sequential(linear[0], new nn.ReLU(), new nn.Dropout(0.1), linear[1], new nn.ReLU(), linear[2]);
const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.8, weightDecay: 1e-4 });

/** One pass over the training set. */
function epoch(size) {
  const order = randperm(1250);
  for (let i = 0; i < 1250; i += size) {
    const picked = order.slice(0, i, i + size);
    const X = trainX.indexSelect(0, picked);
    const Y = trainY.indexSelect(0, picked);
    const logits = net(X);
    const loss = F.crossEntropy(logits, Y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
}
for (let e = 0; e < 10; e++) epoch(50);

net.eval();
const accuracy = noGrad(() => net(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (accuracy - 0.1) / 0.9);
