import { F, manualSeed, nn, noGrad, optim, randint, tensor } from 'gradlens';

manualSeed(1);
const [length, symbols] = [4, 6];
/** Words, and the same from the back. */
const words = (n) => {
  const given = randint(0, symbols, [n, length]).to('int32');
  return [given, given.flip([1])];
};
const order = tensor([0, 1, 2, 3], { dtype: 'int32' });
const [heldX, heldY] = words(400);

class Reverser extends nn.Module {
  embedding = new nn.Embedding(symbols, 16);
  encoder = new nn.GRU(16, 48, { batchFirst: true });
  decoder = new nn.GRU(16, 48, { batchFirst: true });
  place = new nn.Embedding(length, 16);
  output = new nn.Linear(48, symbols);

  forward(tokens) {
    const [, last] = this.encoder(this.embedding(tokens));
    const places = this.place(order).unsqueeze(0).expand([tokens.shape[0], length, 16]);
    const [states] = this.decoder(places, last);
    return this.output(states);
  }
}
const model = new Reverser();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.012 });

for (let step = 0; step < 260; step++) {
  const [x, y] = words(48);
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x).flatten(0, 1), y.flatten());
  loss.backward();
  optimizer.step();
}

model.eval();
const right = noGrad(() => model(heldX).argmax(2).eq(heldY).to('float32').mean().item());
console.log('skill', (right - 1 / symbols) / (1 - 1 / symbols));
