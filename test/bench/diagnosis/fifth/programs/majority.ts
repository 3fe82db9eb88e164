import { F, manualSeed, nn, noGrad, optim, randint, randn } from 'gradlens';

manualSeed(14);
const [symbols, length, width] = [5, 9, 24];
/** Rows of symbols; which of them stands there most often (the first of several). */
function rows(n) {
  const x = randint(0, symbols, [n, length]);
  return [x, F.oneHot(x, symbols).to('float32').sum(1).argmax(1)];
}

class Classifier extends nn.Module {
  embed = new nn.Embedding(symbols, width);
  positions = new nn.Parameter(randn([length, width]).mul(0.1));
  encoder = new nn.TransformerEncoder(
    new nn.TransformerEncoderLayer(width, 4, { dimFeedforward: 48, dropout: 0, batchFirst: true }),
    2,
  );
  head = new nn.Linear(width, symbols);

  forward(x) {
    const out = this.encoder(this.embed(x).add(this.positions));
    return this.head(out.mean(1));
  }
}
const net = new Classifier();
const criterion = new nn.CrossEntropyLoss();
const opt = new optim.Adam(net.parameters(), { lr: 0.003 });

for (let step = 0; step < 200; step++) {
  const [xb, yb] = rows(48);
  opt.zeroGrad();
  const loss = criterion(net(xb), yb);
  loss.backward();
  opt.step();
}

net.eval();
const [testX, testY] = rows(600);
const right = noGrad(() => net(testX).argmax(1).eq(testY).to('float32').mean().item());
console.log('skill', (right - 0.3) / 0.7);
