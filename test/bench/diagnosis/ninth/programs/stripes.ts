import { F, manualSeed, nn, noGrad, optim, rand, randint } from 'gradlens';

manualSeed(22);
/** Points of a square; slanted stripes across it are of three colours in turn. */
const points = rand([1300, 2]).mul(3).sub(1.5);
const colours = points.matmul(rand([2, 1]).mul(0.1).add(0.7)).squeeze(1).add(3).mul(1.4).floor().remainder(3).to('int32');
const [trainX, trainY] = [points.slice(0, 0, 900), colours.slice(0, 0, 900)];
const [testX, testY] = [points.slice(0, 900), colours.slice(0, 900)];

const depth = 9;
const width = 28;

class Tower extends nn.Module {
  constructor() {
    super();
    this.entry = new nn.Linear(2, width);
    this.floors = new nn.ModuleList(Array.from({ length: depth - 1 }, () => new nn.Linear(width, width)));
    this.roof = new nn.Linear(width, 3);
    for (const floor of [this.entry, ...this.floors]) nn.init.kaimingUniform_(floor.weight, { nonlinearity: 'relu' });
  }

  forward(x) {
    let h = F.relu(this.entry(x));
    for (const floor of this.floors) h = F.relu(floor(h));
    return this.roof(h);
  }
}
const tower = new Tower();
const adam = new optim.Adam(tower.parameters(), { lr: 0.003 });

for (let i = 0; i < 300; i++) {
  const batch = randint(0, 900, [64]);
  const x = trainX.indexSelect(0, batch);
  const y = trainY.indexSelect(0, batch);
  const scores = tower(x);
  const cost = F.crossEntropy(scores, y);
  adam.zeroGrad();
  cost.backward();
  adam.step();
}

tower.eval();
const right = noGrad(() => tower(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
