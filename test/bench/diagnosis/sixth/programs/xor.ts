import { F, manualSeed, nn, noGrad, optim, rand } from 'gradlens';

manualSeed(102);
/** Points of a square: class 1 where both coordinates have the same sign. */
function quadrants(n) {
  const points = rand([n, 2]).mul(2).sub(1);
  return [points, points.select(1, 0).mul(points.select(1, 1)).gt(0).to('int32')];
}
const [trainX, trainY] = quadrants(320);
const [testX, testY] = quadrants(500);

class Classifier extends nn.Module {
  hidden1 = new nn.Linear(2, 16);
  hidden2 = new nn.Linear(16, 16);
  out = new nn.Linear(16, 2);

  forward(x) {
    x = this.hidden1(x).tanh();
    x = this.hidden2(x).tanh();
    return this.out(x);
  }
}
const model = new Classifier();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.2, momentum: 0.8 });

for (let epoch = 0; epoch < 30; epoch++) {
  for (let i = 0; i < 320; i += 40) {
    const [batch, labels] = [trainX.slice(0, i, i + 40), trainY.slice(0, i, i + 40)];
    optimizer.zeroGrad();
    const scores = model(batch);
    const loss = F.crossEntropy(scores, labels);
    loss.backward();
    optimizer.step();
  }
}

model.eval();
const accuracy = noGrad(() => model(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', 2 * accuracy - 1);
