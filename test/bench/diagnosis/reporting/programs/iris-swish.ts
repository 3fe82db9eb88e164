import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(66);
const table = data.readCsv(new URL('./iris.csv', import.meta.url), { skipRows: 1 }).indexSelect(0, randperm(150));
const [measured, kinds] = [table.slice(1, 0, 4), table.select(1, 4).to('int32')];
const reference = measured.slice(0, 0, 100);
const normal = measured.sub(reference.mean(0)).div(reference.std(0));
const [trainX, trainY] = [normal.slice(0, 0, 100), kinds.slice(0, 0, 100)];
const [testX, testY] = [normal.slice(0, 100), kinds.slice(0, 100)];

const flower = new nn.Sequential(new nn.Linear(4, 20), new nn.SiLU(), new nn.Linear(20, 10), new nn.SiLU(), new nn.Linear(10, 3));
const opt = new optim.NAdam(flower.parameters(), { lr: 0.01 });
const halving = new optim.StepLR(opt, { stepSize: 25, gamma: 0.5 });

for (let epoch = 1; epoch <= 60; epoch++) {
  const order = randperm(100);
  for (const rows of order.split(25)) {
    const sample = trainX.indexSelect(0, rows);
    const kind = trainY.indexSelect(0, rows);
    const scores = flower(sample);
    const loss = F.crossEntropy(scores, kind);
    opt.zeroGrad();
    loss.backward();
    opt.step();
  }
  halving.step();
}

flower.eval();
const right = noGrad(() => flower(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
