import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(47);
const iris = data.readCsv(new URL('./iris.csv', import.meta.url), { skipRows: 1 }).indexSelect(0, randperm(150));
const measures = iris.slice(1, 0, 4);
const [low, high] = [measures.min(0).values, measures.max(0).values];
const scaled = measures.sub(low).div(high.sub(low)).mul(2).sub(1);
const species = iris.select(1, 4).to('int32');
const [trainX, trainY] = [scaled.slice(0, 0, 90), species.slice(0, 0, 90)];
const [testX, testY] = [scaled.slice(0, 90), species.slice(0, 90)];

class Flowers extends nn.Module {
  input = new nn.Linear(4, 12);
  middle = new nn.Linear(12, 12);
  output = new nn.Linear(12, 3);

  forward(x) {
    const one = F.tanh(this.input(x));
    const two = F.tanh(this.middle(one));
    return this.output(two);
  }
}
const flowers = new Flowers();
const optimizer = new optim.RMSprop(flowers.parameters(), { lr: 0.006 });
const nll = (scores, wanted) => scores.logSoftmax(1).gather(1, wanted.unsqueeze(1)).mean().neg();

// all ninety flowers at once
for (let epoch = 0; epoch < 160; epoch++) {
  const logits = flowers(trainX);
  const loss = nll(logits, trainY);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
}

flowers.eval();
const right = noGrad(() => flowers(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
