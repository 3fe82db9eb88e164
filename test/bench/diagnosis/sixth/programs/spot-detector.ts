import { data, F, manualSeed, nn, noGrad, optim, rand, tensor } from 'gradlens';

manualSeed(120);
const size = 12;
/** Pictures of noise; half of them have a bright disc. Whether there is one, and its centre and radius. */
const draws = rand([480, 4]).toArray();
const noise = rand([480, size, size]).mul(0.3).toArray();
const samples = draws.map(([a, b, c, d], i) => {
  const radius = 1.5 + 1.5 * a;
  const [row, column] = [radius + b * (size - 2 * radius), radius + c * (size - 2 * radius)];
  const present = d < 0.5;
  const image = noise[i].map((line, y) =>
    line.map((value, x) => (present && Math.hypot(y + 0.5 - row, x + 0.5 - column) < radius ? value + 0.7 : value)),
  );
  return { image: [image], box: [row / size, column / size, radius / size], object: [present ? 1 : 0] };
});
const images = tensor(samples.map((sample) => sample.image));
const boxes = tensor(samples.map((sample) => sample.box));
const objects = tensor(samples.map((sample) => sample.object));
const [trainCount, batchSize] = [384, 32];
const trainSet = new data.TensorDataset(...[images, boxes, objects].map((all) => all.slice(0, 0, trainCount)));
const loader = new data.DataLoader(trainSet, { batchSize, shuffle: true });

class Detector extends nn.Module {
  features = new nn.Sequential(
    new nn.Conv2d(1, 8, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(8, 16, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(16 * 3 * 3, 48),
    new nn.ReLU(),
  );
  boxHead = new nn.Linear(48, 3);
  objectHead = new nn.Linear(48, 1);

  forward(x) {
    const shared = this.features(x);
    return [this.boxHead(shared), this.objectHead(shared)];
  }
}
const model = new Detector();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.003 });

for (let epoch = 0; epoch < 18; epoch++) {
  for (const [image, box, object] of loader) {
    optimizer.zeroGrad();
    const [predictedBox, score] = model(image);
    const boxLoss = F.smoothL1Loss(predictedBox.mul(object), box.mul(object));
    const objectLoss = F.binaryCrossEntropyWithLogits(score, object);
    const loss = boxLoss.mul(20).add(objectLoss);
    loss.backward();
    optimizer.step();
  }
}

model.eval();
const [predicted, scores] = noGrad(() => model(images.slice(0, trainCount)));
const [testBoxes, testObjects] = [boxes.slice(0, trainCount), objects.slice(0, trainCount)];
const spread = testBoxes.sub(testBoxes.mean(0)).mul(testObjects).square().mean().item();
const missed = predicted.sub(testBoxes).mul(testObjects).square().mean().item();
const found = scores.gt(0).eq(testObjects.gt(0.5)).to('float32').mean().item();
console.log('skill', (1 - missed / spread + 2 * found - 1) / 2);
