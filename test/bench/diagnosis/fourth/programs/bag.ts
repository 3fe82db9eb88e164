import { F, manualSeed, nn, noGrad, optim, rand, randint, where } from 'gradlens';

manualSeed(1);
const [vocabulary, topics, length] = [200, 4, 14];
/** Texts of a topic: a third of their words is the topic's own, the others are anybody's. */
const texts = (n) => {
  const y = randint(0, topics, [n]).to('int32');
  const own = randint(0, 25, [n, length]).to('int32').add(y.unsqueeze(1).mul(25));
  const any = randint(0, vocabulary, [n, length]).to('int32');
  return [where(rand([n, length]).lt(0.35), own, any), y];
};
const [heldX, heldY] = texts(400);

class Bag extends nn.Module {
  words = new nn.EmbeddingBag(vocabulary, 24, { mode: 'mean' });
  hidden = new nn.Linear(24, 24);
  output = new nn.Linear(24, topics);

  forward(x) {
    const h = this.hidden(this.words(x)).relu();
    return this.output(h);
  }
}
const model = new Bag();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.012 });

for (let step = 0; step < 200; step++) {
  const [x, y] = texts(64);
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 1 / topics) / (1 - 1 / topics));
