import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(103);
const flowers = data.readCsv(new URL('./iris.csv', import.meta.url), { skipRows: 1 }).indexSelect(0, randperm(150));
const X = flowers.slice(1, 0, 4);
const features = X.sub(X.mean(0)).div(X.std(0));
const species = flowers.select(1, 4).to('int32');
const [trainX, valX] = [features.slice(0, 0, 100), features.slice(0, 100)];
const [trainY, valY] = [species.slice(0, 0, 100), species.slice(0, 100)];

class IrisNet extends nn.Module {
  fc1 = new nn.Linear(4, 16);
  fc2 = new nn.Linear(16, 12);
  out = new nn.Linear(12, 3);

  forward(x) {
    x = this.fc1(x).relu();
    x = this.fc2(x).relu();
    return this.out(x);
  }
}
const model = new IrisNet();
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.02 });
const evaluate = () => noGrad(() => model(valX).argmax(1).eq(valY).to('float32').mean().item());

for (let epoch = 0; epoch < 150; epoch++) {
  optimizer.zeroGrad();
  const prediction = model(trainX);
  const loss = criterion(prediction, trainY);
  loss.backward();
  optimizer.step();
  if (epoch % 50 === 49) console.log(`epoch ${epoch}: loss ${loss.item().toFixed(3)}, validation ${evaluate().toFixed(3)}`);
}

model.eval();
console.log('skill', (evaluate() - 1 / 3) / (2 / 3));
