import { data, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(117);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).div(16);
const testImages = images.slice(0, 1344);
const loader = new data.DataLoader(new data.TensorDataset(images.slice(0, 0, 1344)), { batchSize: 32, shuffle: true });

const encoder = new nn.Sequential(
  new nn.Linear(64, 48),
  new nn.ReLU(),
  new nn.Linear(48, 16),
);
const decoder = new nn.Sequential(
  new nn.Linear(16, 48),
  new nn.ReLU(),
  new nn.Linear(48, 64),
);
const model = new nn.Sequential(encoder, decoder);
const criterion = new nn.MSELoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.006 });

for (let epoch = 0; epoch < 9; epoch++) {
  let total = 0;
  for (const [batch] of loader) {
    optimizer.zeroGrad();
    const restored = model(batch);
    const loss = criterion(restored, batch);
    loss.backward();
    optimizer.step();
    total += loss.item();
  }
  console.log(`epoch ${epoch + 1}: ${(total / loader.length).toFixed(4)}`);
}

model.eval();
const error = noGrad(() => model(testImages).sub(testImages).square().mean().item());
console.log('skill', 1 - error / testImages.sub(testImages.mean(0)).square().mean().item());
