import { data, F, manualSeed, nn, noGrad, optim, randperm } from 'gradlens';

manualSeed(29);
const set = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
const pictures = set.slice(1, 0, 64).div(16).sub(0.3).div(0.38).reshape([-1, 1, 8, 8]);
const answers = set.select(1, 64).to('int32');
const loader = new data.DataLoader(new data.TensorDataset(pictures.slice(0, 0, 1320), answers.slice(0, 0, 1320)), {
  batchSize: 44,
  shuffle: true,
});
const [testX, testY] = [pictures.slice(0, 1320), answers.slice(0, 1320)];

class Net extends nn.Module {
  conv1 = new nn.Conv2d(1, 8, 3, { padding: 1 });
  bn1 = new nn.BatchNorm2d(8);
  conv2 = new nn.Conv2d(8, 16, 3, { padding: 1 });
  bn2 = new nn.BatchNorm2d(16);
  fc1 = new nn.Linear(16 * 2 * 2, 40);
  fc2 = new nn.Linear(40, 10);

  forward(x) {
    let y = F.maxPool2d(F.relu(this.bn1(this.conv1(x))), 2);
    y = F.maxPool2d(F.relu(this.bn2(this.conv2(y))), 2);
    y = F.relu(this.fc1(y.flatten(1)));
    return F.logSoftmax(this.fc2(y), 1);
  }
}
const net = new Net();
const opt = new optim.Adam(net.parameters(), { lr: 0.003 });

for (let epoch = 0; epoch < 7; epoch++) {
  net.train();
  for (const [input, target] of loader) {
    opt.zeroGrad();
    const output = net(input);
    const loss = F.nllLoss(output, target);
    loss.backward();
    opt.step();
  }
}

net.eval();
const right = noGrad(() => net(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.1) / 0.9);
