import { data, F, manualSeed, nn, noGrad, optim, randnLike, randperm } from 'gradlens';

manualSeed(75);
const all = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).slice(1, 0, 64).div(16).indexSelect(0, randperm(1797));
const [trainX, testX] = [all.slice(0, 0, 1350), all.slice(0, 1350)];
const loader = new data.DataLoader(new data.TensorDataset(trainX), { batchSize: 50, shuffle: true });

class VAE extends nn.Module {
  encode = new nn.Linear(64, 48);
  mu = new nn.Linear(48, 8);
  logVar = new nn.Linear(48, 8);
  decode = new nn.Linear(8, 48);
  draw = new nn.Linear(48, 64);

  encoded(x) {
    const h = F.relu(this.encode(x));
    return [this.mu(h), this.logVar(h)];
  }

  decoded(z) {
    return F.sigmoid(this.draw(F.relu(this.decode(z))));
  }

  forward(x) {
    const [mu, logVar] = this.encoded(x);
    const z = mu.add(logVar.mul(0.5).exp().mul(randnLike(mu)));
    return [this.decoded(z), mu, logVar];
  }
}

/** What the picture costs, and how far its code is from a normal one. */
function elbo([drawn, mu, logVar], picture) {
  const reconstruction = F.binaryCrossEntropy(drawn, picture, { reduction: 'sum' });
  const divergence = logVar.add(1).sub(mu.square()).sub(logVar.exp()).sum().mul(-0.5);
  return reconstruction.add(divergence.mul(0.3)).div(picture.shape[0]);
}

const vae = new VAE();
const adam = new optim.Adam(vae.parameters(), { lr: 0.006 });

for (let epoch = 0; epoch < 11; epoch++) {
  let sum = 0;
  for (const [picture] of loader) {
    adam.zeroGrad();
    const parts = vae(picture);
    const loss = elbo(parts, picture);
    loss.backward();
    adam.step();
    sum += loss.item();
  }
  if (epoch % 5 === 0) console.log(epoch, sum / loader.length);
}

vae.eval();
const missed = noGrad(() => vae.decoded(vae.encoded(testX)[0]).sub(testX).square().mean().item());
console.log('skill', 1 - missed / testX.sub(testX.mean(0)).square().mean().item());
