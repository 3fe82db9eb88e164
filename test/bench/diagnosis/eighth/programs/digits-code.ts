import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(714);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pixels = table.slice(1, 0, 64).div(16);
const [trainX, testX] = [pixels.slice(0, 0, 1380), pixels.slice(0, 1380)];
const loader = new data.DataLoader(new data.TensorDataset(trainX), { batchSize: 46, shuffle: true });

class Autoencoder extends nn.Module {
  constructor(inputs, between, code) {
    super();
    this.encode1 = new nn.Linear(inputs, between);
    this.encode2 = new nn.Linear(between, code);
    this.decode1 = new nn.Linear(code, between);
    this.decode2 = new nn.Linear(between, inputs);
  }

  forward(x) {
    const code = this.encode2(F.leakyRelu(this.encode1(x)));
    return this.decode2(F.leakyRelu(this.decode1(code))).sigmoid();
  }
}
const autoencoder = new Autoencoder(64, 48, 14);
const optimizer = new optim.Adam(autoencoder.parameters(), { lr: 0.006 });

for (let epoch = 0; epoch < 12; epoch++) {
  for (const [yb] of loader) {
    const out = autoencoder(yb);
    const loss = F.binaryCrossEntropy(out, yb);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
}

autoencoder.eval();
const missed = noGrad(() => autoencoder(testX).sub(testX).square().mean().item());
console.log('skill', 1 - missed / testX.sub(testX.mean(0)).square().mean().item());
