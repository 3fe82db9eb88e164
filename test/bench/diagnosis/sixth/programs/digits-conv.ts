import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(108);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const images = table.slice(1, 0, 64).div(16).sub(0.3).div(0.38).reshape([-1, 1, 8, 8]);
const labels = table.select(1, 64).to('int32');
const [testImages, testLabels] = [images.slice(0, 1350), labels.slice(0, 1350)];
const loader = new data.DataLoader(new data.TensorDataset(images.slice(0, 0, 1350), labels.slice(0, 0, 1350)), {
  batchSize: 32,
  shuffle: true,
});

class CNN extends nn.Module {
  conv1 = new nn.Conv2d(1, 12, 3, { padding: 1 });
  conv2 = new nn.Conv2d(12, 16, 3, { stride: 2, padding: 1 });
  conv3 = new nn.Conv2d(16, 24, 3, { stride: 2, padding: 1 });
  fc = new nn.Linear(24 * 2 * 2, 10);

  forward(x) {
    x = F.relu(this.conv1(x));
    x = F.relu(this.conv2(x));
    x = F.relu(this.conv3(x));
    return this.fc(x.flatten(1));
  }
}
const model = new CNN();
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.003 });

for (let epoch = 0; epoch < 5; epoch++) {
  for (const [batch, target] of loader) {
    optimizer.zeroGrad();
    const output = model(batch);
    const loss = criterion(output, target);
    loss.backward();
    optimizer.step();
  }
}

model.eval();
const correct = noGrad(() => model(testImages).argmax(1).eq(testLabels).to('float32').mean().item());
console.log('skill', (correct - 0.1) / 0.9);
