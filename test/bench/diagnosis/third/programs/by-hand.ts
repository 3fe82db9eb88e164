import { data, F, manualSeed, noGrad, optim, randn, randperm, zeros } from 'gradlens';

manualSeed(1);
const table = data.readCsv(new URL('./iris.csv', import.meta.url), { skipRows: 1 }).indexSelect(0, randperm(150));
const raw = table.slice(1, 0, 4);
const features = raw.sub(raw.mean(0)).div(raw.std(0));
const kinds = table.select(1, 4).to('int32');
const [x, y] = [features.slice(0, 0, 100), kinds.slice(0, 0, 100)];
const [heldX, heldY] = [features.slice(0, 100), kinds.slice(0, 100)];

const weight1 = randn([4, 20]).mul(0.5).requiresGrad_();
const bias1 = zeros([20]).requiresGrad_();
const weight2 = randn([20, 3]).mul(0.2).requiresGrad_();
const bias2 = zeros([3]).requiresGrad_();
const answers = (given) => given.matmul(weight1).add(bias1).tanh().matmul(weight2).add(bias2);
const optimizer = new optim.SGD([weight1, bias1, weight2, bias2], { lr: 0.1, momentum: 0.9 });

for (let step = 0; step < 160; step++) {
  optimizer.zeroGrad();
  const loss = F.crossEntropy(answers(x), y);
  loss.backward();
  optimizer.step();
}

const right = noGrad(() => answers(heldX).argmax(1).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
