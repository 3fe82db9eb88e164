import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(304);
const iris = data.readCsv(new URL('./iris.csv', import.meta.url), { skipRows: 1 }).indexSelect(0, randperm(150));
const measures = iris.slice(1, 0, 4);
const [low, high] = [measures.min(0).values, measures.max(0).values];
const scaled = measures.sub(low).div(high.sub(low)).mul(2).sub(1);
const kinds = iris.select(1, 4).to('int32');
const train = new data.TensorDataset(scaled.slice(0, 0, 105), kinds.slice(0, 0, 105));
const [testX, testY] = [scaled.slice(0, 105), kinds.slice(0, 105)];
const trainLoader = new data.DataLoader(train, { batchSize: 15, shuffle: true });

const mlp = new nn.Sequential(
  new nn.Linear(4, 20),
  new nn.ReLU(),
  new nn.Linear(20, 3),
);
const optimizer = new optim.SGD(mlp.parameters(), { lr: 0.1, momentum: 0.8 });

for (let epoch = 0; epoch < 35; epoch++) {
  for (const [flowers, kind] of trainLoader) {
    const logits = mlp(flowers);
    const loss = F.crossEntropy(logits, kind);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
}

mlp.eval();
const right = noGrad(() => mlp(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
