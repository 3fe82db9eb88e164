import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(35);
const digits = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pixels = digits.slice(1, 0, 64).div(16);
const [trainX, testX] = [pixels.slice(0, 0, 1300), pixels.slice(0, 1300)];

const encoder = new nn.Sequential(new nn.Linear(64, 40), new nn.ReLU(), new nn.Linear(40, 12));
const decoder = new nn.Sequential(new nn.Linear(12, 40), new nn.ReLU(), new nn.Linear(40, 64));
const autoencoder = new nn.Sequential(encoder, decoder);
const optimizer = new optim.Adam(autoencoder.parameters(), { lr: 0.005 });
const mse = new nn.MSELoss();

for (let epoch = 0; epoch < 12; epoch++) {
  const order = randperm(1300);
  for (let i = 0; i < 1300; i += 65) {
    const batch = trainX.indexSelect(0, order.slice(0, i, i + 65));
    optimizer.zeroGrad();
    const redrawn = autoencoder(batch);
    const loss = mse(redrawn, batch);
    loss.backward();
    optimizer.step();
  }
}

autoencoder.eval();
const missed = noGrad(() => autoencoder(testX).sub(testX).square().mean().item());
console.log('skill', 1 - missed / testX.sub(testX.mean(0)).square().mean().item());
