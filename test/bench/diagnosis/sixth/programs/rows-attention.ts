import { data, manualSeed, nn, noGrad, optim, randn, randperm } from 'gradlens';

manualSeed(116);
const table = data.readCsv(new URL('./digits.csv.gz', import.meta.url)).indexSelect(0, randperm(1797));
/** Eight rows of a picture are the tokens. */
const rows = table.slice(1, 0, 64).div(8).sub(1).reshape([-1, 8, 8]);
const labels = table.select(1, 64).to('int32');
const loader = new data.DataLoader(new data.TensorDataset(rows.slice(0, 0, 1344), labels.slice(0, 0, 1344)), {
  batchSize: 56,
  shuffle: true,
});

class Encoder extends nn.Module {
  embed = new nn.Linear(8, 24);
  position = new nn.Parameter(randn([8, 24]).mul(0.05));
  layer1 = new nn.TransformerEncoderLayer(24, 2, { dimFeedforward: 48, dropout: 0.05, batchFirst: true });
  layer2 = new nn.TransformerEncoderLayer(24, 2, { dimFeedforward: 48, dropout: 0.05, batchFirst: true });
  classifier = new nn.Linear(24, 10);

  forward(x) {
    x = this.embed(x).add(this.position);
    x = this.layer2(this.layer1(x));
    return this.classifier(x.mean(1));
  }
}
const model = new Encoder();
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.004 });

function trainOneEpoch() {
  model.train();
  for (const [sequence, target] of loader) {
    optimizer.zeroGrad();
    const logits = model(sequence);
    const loss = criterion(logits, target);
    loss.backward();
    optimizer.step();
  }
}
for (let epoch = 0; epoch < 7; epoch++) trainOneEpoch();

model.eval();
const correct = noGrad(() => model(rows.slice(0, 1344)).argmax(1).eq(labels.slice(0, 1344)).to('float32').mean().item());
console.log('skill', (correct - 0.1) / 0.9);
