import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(46);
const raw = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pixels = raw.slice(1, 0, 64).div(16);
const numbers = raw.select(1, 64).to('int32');
const [trainX, trainY] = [pixels.slice(0, 0, 1344), numbers.slice(0, 0, 1344)];
const [testX, testY] = [pixels.slice(0, 1344), numbers.slice(0, 1344)];

/** Linear, norm, bend, dropout. */
const layer = (a, b) => [new nn.Linear(a, b), new nn.BatchNorm1d(b), new nn.SiLU(), new nn.Dropout(0.15)];
const classifier = new nn.Sequential(...layer(64, 64), ...layer(64, 48), ...layer(48, 32), new nn.Linear(32, 10));
const optimizer = new optim.AdamW(classifier.parameters(), { lr: 0.005, weightDecay: 0.02 });

let step = 0;
while (step < 250) {
  const order = randperm(1344);
  for (let k = 0; k < 1344 && step < 250; k += 56, step++) {
    const batch = order.slice(0, k, k + 56);
    const images = trainX.indexSelect(0, batch);
    const truth = trainY.indexSelect(0, batch);
    const guess = classifier(images);
    const loss = F.crossEntropy(guess, truth);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
}

classifier.eval();
const right = noGrad(() => classifier(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
