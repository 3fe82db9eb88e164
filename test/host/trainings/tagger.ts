// A GRU tags each token of sequences of different lengths; padding doesn't count.
import { data, manualSeed, nn, noGrad, optim, randint, type Tensor, tensor } from 'gradlens';

manualSeed(1);
const VOCABULARY = 12;
const PAD = 0;
const IGNORE = -100;

/** Tag 1 where a token is greater than the one before, else 0; with 2 for the first. */
function sentence(length: number, longest: number): { tokens: number[]; tags: number[] } {
  const tokens = randint(1, VOCABULARY, [length]).tolist();
  const tags = tokens.map((token, i) => (i === 0 ? 2 : Number(token > tokens[i - 1])));
  const rest = longest - length;
  return { tokens: [...tokens, ...Array(rest).fill(PAD)], tags: [...tags, ...Array(rest).fill(IGNORE)] };
}

const sentences = Array.from({ length: 128 }, (_, i) => sentence(4 + (i % 5), 8));
const dataset = new data.TensorDataset(
  tensor(
    sentences.map(({ tokens }) => tokens),
    { dtype: 'int32' },
  ),
  tensor(
    sentences.map(({ tags }) => tags),
    { dtype: 'int32' },
  ),
);

class Tagger extends nn.Module<[Tensor], Tensor> {
  embedding = new nn.Embedding(VOCABULARY, 16, { paddingIdx: PAD });
  gru = new nn.GRU(16, 24, { batchFirst: true, bidirectional: true });
  head = new nn.Linear(48, 3);

  override forward(tokens: Tensor): Tensor {
    const [states] = this.gru(this.embedding(tokens));
    return this.head(states);
  }
}

const model = new Tagger();
const criterion = new nn.CrossEntropyLoss({ ignoreIndex: IGNORE });
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
const loader = new data.DataLoader(dataset, { batchSize: 32, shuffle: true });
for (let epoch = 0; epoch < 25; epoch++) {
  for (const [tokens, tags] of loader) {
    optimizer.zeroGrad();
    const logits = model(tokens);
    const loss = criterion(logits.transpose(1, 2), tags);
    loss.backward();
    nn.utils.clipGradNorm_(model.parameters(), 1);
    optimizer.step();
  }
}
model.eval();
noGrad(() => {
  const [tokens, tags] = [dataset.tensors[0], dataset.tensors[1]];
  const [, predicted] = model(tokens).max(-1);
  const counted = tags.ne(IGNORE);
  const right = predicted.eq(tags).logicalAnd(counted).sum().item() / counted.sum().item();
  console.log(JSON.stringify([right, model.embedding.weight.at(PAD).abs().sum().item()]));
});
