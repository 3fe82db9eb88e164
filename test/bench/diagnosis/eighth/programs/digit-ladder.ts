import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(704);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const inputs = table.slice(1, 0, 64).div(16);
const labels = table.select(1, 64).to('int32');
const trainSet = new data.TensorDataset(inputs.slice(0, 0, 1350), labels.slice(0, 0, 1350));
const [testX, testY] = [inputs.slice(0, 1350), labels.slice(0, 1350)];
const loader = new data.DataLoader(trainSet, { batchSize: 45, shuffle: true });

/** One narrower rung after another. */
const rungs = [64, 60, 52, 44, 36, 28];
class Ladder extends nn.Module {
  constructor() {
    super();
    this.rungs = new nn.ModuleList(rungs.slice(1).map((to, i) => new nn.Linear(rungs[i], to)));
    this.top = new nn.Linear(rungs.at(-1), 10);
    for (const rung of this.rungs) nn.init.kaimingNormal_(rung.weight, { nonlinearity: 'relu' });
  }

  forward(x) {
    let h = x;
    for (const rung of this.rungs) h = rung(h).relu();
    return this.top(h);
  }
}
const ladder = new Ladder();
const sgd = new optim.SGD(ladder.parameters(), { lr: 0.05, momentum: 0.9 });

for (let epoch = 0; epoch < 9; epoch++) {
  for (const [xb, yb] of loader) {
    sgd.zeroGrad();
    const out = ladder(xb);
    const loss = F.crossEntropy(out, yb);
    loss.backward();
    sgd.step();
  }
}

ladder.eval();
const right = noGrad(() => ladder(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
