import { F, manualSeed, nn, noGrad, optim, randint, randn, randperm, tensor } from 'gradlens';

manualSeed(302);
/** Three bent blades. */
const blades = randint(0, 3, [1000]);
const along = randn([1000]).mul(0.25).add(0.9);
const across = randn([1000]).mul(0.08);
const angle = blades.mul((2 * Math.PI) / 3).add(along.mul(1.2));
const places = [
  along.mul(angle.cos()).sub(across.mul(angle.sin())),
  along.mul(angle.sin()).add(across.mul(angle.cos())),
];
const points = tensor(places[0].toArray().map((u, i) => [u, places[1].toArray()[i]]));
const [trainX, trainY] = [points.slice(0, 0, 600), blades.slice(0, 0, 600)];
const [testX, testY] = [points.slice(0, 600), blades.slice(0, 600)];

const [depth, width] = [7, 26];
function hiddenLayer(inputs) {
  const layer = new nn.Linear(inputs, width);
  nn.init.kaimingNormal_(layer.weight, { nonlinearity: 'relu' });
  nn.init.zeros_(layer.bias);
  return [layer, new nn.ReLU()];
}
const network = new nn.Sequential(
  ...hiddenLayer(2),
  ...Array.from({ length: depth - 1 }, () => hiddenLayer(width)).flat(),
  new nn.Linear(width, 3),
);
const sgd = new optim.SGD(network.parameters(), { lr: 0.04, momentum: 0.85 });

for (let step = 0; step < 280; step++) {
  const chosen = randperm(600).slice(0, 0, 48);
  const [xb, yb] = [trainX.indexSelect(0, chosen), trainY.indexSelect(0, chosen)];
  const logits = network(xb);
  const loss = F.crossEntropy(logits, yb);
  sgd.zeroGrad();
  loss.backward();
  sgd.step();
}

network.eval();
const right = noGrad(() => network(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 1 / 3) / (2 / 3));
