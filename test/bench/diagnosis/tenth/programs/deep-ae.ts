import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(56);
const scans = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).slice(1, 0, 64).div(16).indexSelect(0, randperm(1797));
const [trainX, testX] = [scans.slice(0, 0, 1350), scans.slice(0, 1350)];
const loader = new data.DataLoader(new data.TensorDataset(trainX), { batchSize: 45, shuffle: true });

class Autoencoder extends nn.Module {
  constructor() {
    super();
    this.encoder = new nn.Sequential(
      new nn.Linear(64, 48),
      new nn.Tanh(),
      new nn.Linear(48, 32),
      new nn.Tanh(),
      new nn.Linear(32, 10),
    );
    this.decoder = new nn.Sequential(
      new nn.Linear(10, 32),
      new nn.Tanh(),
      new nn.Linear(32, 48),
      new nn.Tanh(),
      new nn.Linear(48, 64),
      new nn.Sigmoid(),
    );
    for (const module of this.modules())
      if (module instanceof nn.Linear) nn.init.xavierUniform_(module.weight, { gain: 1.5 });
  }

  forward(x) {
    const code = this.encoder(x);
    return this.decoder(code);
  }
}
const ae = new Autoencoder();
const optimizer = new optim.Adam(ae.parameters(), { lr: 0.006 });

for (let epoch = 0; epoch < 14; epoch++) {
  for (const [scan] of loader) {
    optimizer.zeroGrad();
    const drawn = ae(scan);
    const loss = F.binaryCrossEntropy(drawn, scan);
    loss.backward();
    optimizer.step();
  }
}

ae.eval();
const missed = noGrad(() => ae(testX).sub(testX).square().mean().item());
console.log('skill', 1 - missed / testX.sub(testX.mean(0)).square().mean().item());
