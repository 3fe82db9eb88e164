import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(706);
const flowers = data.readCsv(new URL('./iris.csv', import.meta.url), { skipRows: 1 }).indexSelect(0, randperm(150));
const measures = flowers.slice(1, 0, 4);
const inputs = measures.sub(measures.mean(0)).div(measures.std(0));
const kinds = flowers.select(1, 4).to('int32');
const [trainX, trainY] = [inputs.slice(0, 0, 100), kinds.slice(0, 0, 100)];
const [testX, testY] = [inputs.slice(0, 100), kinds.slice(0, 100)];

class Botanist extends nn.Module {
  first = new nn.Linear(4, 12);
  second = new nn.Linear(12, 8);
  third = new nn.Linear(8, 3);

  forward(x) {
    const h = F.tanh(this.second(F.tanh(this.first(x))));
    return F.logSoftmax(this.third(h), 1);
  }
}
const botanist = new Botanist();
const optimizer = new optim.Adam(botanist.parameters(), { lr: 0.02 });

// all flowers at once
for (let epoch = 0; epoch < 200; epoch++) {
  const out = botanist(trainX);
  const loss = F.nllLoss(out, trainY);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
}

botanist.eval();
const right = noGrad(() => botanist(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
