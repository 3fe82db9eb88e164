import { cat, data, F, manualSeed, nn, noGrad, optim, rand, randint, randn } from 'gradlens';

manualSeed(72);
const STEPS = 12;
/** Walks of four kinds: straight, to the left, to the right, or from side to side. */
function walks(n) {
  const kind = randint(0, 4, [n]);
  let heading = rand([n]).mul(2 * Math.PI);
  const sway = rand([n]).mul(3);
  const paths = [];
  for (let t = 0; t < STEPS; t++) {
    const turn = kind.eq(1).to('float32').sub(kind.eq(2).to('float32')).mul(0.35);
    const swing = kind.eq(3).to('float32').mul(sway.add(t * 1.3).sin()).mul(0.9);
    heading = heading.add(turn).add(swing).add(randn([n]).mul(0.08));
    paths.push(heading.cos().unsqueeze(1), heading.sin().unsqueeze(1));
  }
  return [cat(paths, 1).reshape([n, STEPS, 2]), kind];
}
const [trainX, trainY] = walks(1000);
const [testX, testY] = walks(400);
const loader = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: 40, shuffle: true });

class WalkLSTM extends nn.Module {
  lstm = new nn.LSTM(2, 32, { batchFirst: true });
  drop = new nn.Dropout(0.1);
  which = new nn.Linear(32, 4);

  forward(x) {
    const [hidden] = this.lstm(x);
    const last = hidden.select(1, STEPS - 1);
    return this.which(this.drop(last));
  }
}

const lstm = new WalkLSTM();
const optimizer = new optim.Adam(lstm.parameters(), { lr: 0.012 });

for (let epoch = 0; epoch < 13; epoch++) {
  for (const [walk, kind] of loader) {
    optimizer.zeroGrad();
    const scores = lstm(walk);
    const loss = F.crossEntropy(scores, kind);
    loss.backward();
    nn.utils.clipGradNorm_(lstm.parameters(), 2);
    optimizer.step();
  }
}

lstm.eval();
const right = noGrad(() => lstm(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 1 / 4) / (3 / 4));
