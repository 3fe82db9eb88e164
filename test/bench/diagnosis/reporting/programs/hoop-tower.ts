import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(62);
const hoops = data.twoCircles(1300, { noise: 0.08, factor: 0.55 });
const [trainX, testX] = [hoops.x.slice(0, 0, 900), hoops.x.slice(0, 900)];
const [trainY, testY] = [hoops.y.slice(0, 0, 900), hoops.y.slice(0, 900)];

// ten hidden layers, all of one width
const tower = new nn.Sequential();
let fanIn = 2;
for (let k = 0; k < 10; k++) {
  const hidden = new nn.Linear(fanIn, 20);
  nn.init.kaimingNormal_(hidden.weight, { nonlinearity: 'relu' });
  tower.append(hidden);
  tower.append(new nn.ReLU());
  fanIn = 20;
}
tower.append(new nn.Linear(fanIn, 1));
tower.append(new nn.Sigmoid());

const optimizer = new optim.Adam(tower.parameters(), { lr: 0.002 });
const bce = new nn.BCELoss();

for (let pass = 0; pass < 15; pass++) {
  const order = randperm(900);
  for (let at = 0; at < 900; at += 45) {
    const rows = order.slice(0, at, at + 45);
    const x = trainX.indexSelect(0, rows);
    const y = trainY.indexSelect(0, rows);
    const p = tower(x);
    const loss = bce(p, y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
}

tower.eval();
const right = noGrad(() => tower(testX).gt(0.5).eq(testY.gt(0.5)).to('float32').mean().item());
console.log('skill', 2 * right - 1);
