import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(44);
const all = data.spirals(1500, { arms: 3, turns: 0.8, noise: 0.03 });
const features = all.x.mul(2);
const arms = all.y.flatten().to('int32');
const [trainX, trainY] = [features.slice(0, 0, 1000), arms.slice(0, 0, 1000)];
const [testX, testY] = [features.slice(0, 1000), arms.slice(0, 1000)];

// 2 → 32 → … → 32 → 3
const widths = [2, ...Array(7).fill(32)];
const body = widths.slice(1).flatMap((n, i) => [new nn.Linear(widths[i], n), new nn.Tanh()]);
for (const part of body) if (part instanceof nn.Linear) nn.init.xavierUniform_(part.weight, { gain: 5 / 3 });
const head = new nn.Linear(32, 3);
const deep = new nn.Sequential(...body, head);

const sgd = new optim.SGD(deep.parameters(), { lr: 0.05, momentum: 0.9 });
const cosine = new optim.CosineAnnealingLR(sgd, { tMax: 24 });

for (let epoch = 0; epoch < 24; epoch++) {
  const shuffled = randperm(1000);
  for (const idx of shuffled.split(50)) {
    const x = trainX.indexSelect(0, idx);
    const y = trainY.indexSelect(0, idx);
    const out = deep(x);
    const objective = F.crossEntropy(out, y);
    sgd.zeroGrad();
    objective.backward();
    sgd.step();
  }
  cosine.step();
}

deep.eval();
const right = noGrad(() => deep(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
