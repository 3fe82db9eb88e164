import { arange, F, manualSeed, nn, ones, optim, rand, randint, randn, type Tensor } from '../../../engine/host/api.ts';

/** Builds a model and its batch, and gives one whole step: forward, loss, backward, update. `workloads.py` has the same. */
export type Workload = () => () => void;

function training(model: nn.Module, loss: () => Tensor): () => void {
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
  return () => {
    optimizer.zeroGrad();
    loss().backward();
    optimizer.step();
  };
}

function perceptron(sizes: readonly number[]): nn.Sequential {
  const last = sizes.length - 2;
  return new nn.Sequential(
    ...sizes.slice(1).flatMap((size, i) => [new nn.Linear(sizes[i], size), ...(i < last ? [new nn.ReLU()] : [])]),
  );
}

class Block extends nn.Module<[Tensor], Tensor> {
  conv1: nn.Conv2d;
  norm1: nn.BatchNorm2d;
  conv2: nn.Conv2d;
  norm2: nn.BatchNorm2d;
  shortcut: nn.Sequential | nn.Identity;

  constructor(from: number, to: number, stride: number) {
    super();
    this.conv1 = new nn.Conv2d(from, to, 3, { stride, padding: 1, bias: false });
    this.norm1 = new nn.BatchNorm2d(to);
    this.conv2 = new nn.Conv2d(to, to, 3, { padding: 1, bias: false });
    this.norm2 = new nn.BatchNorm2d(to);
    this.shortcut =
      from === to
        ? new nn.Identity()
        : new nn.Sequential(new nn.Conv2d(from, to, 1, { stride, bias: false }), new nn.BatchNorm2d(to));
  }

  override forward(x: Tensor): Tensor {
    const y = this.norm2(this.conv2(F.relu(this.norm1(this.conv1(x)))));
    return F.relu(y.add(this.shortcut(x)));
  }
}

const resnet20 = () =>
  new nn.Sequential(
    new nn.Conv2d(3, 16, 3, { padding: 1, bias: false }),
    new nn.BatchNorm2d(16),
    new nn.ReLU(),
    ...[16, 32, 64].flatMap((width, stage) =>
      [0, 1, 2].map((i) => new Block(i === 0 && stage > 0 ? width / 2 : width, width, i === 0 && stage > 0 ? 2 : 1)),
    ),
    new nn.AdaptiveAvgPool2d(1),
    new nn.Flatten(),
    new nn.Linear(64, 10),
  );

const VOCABULARY = 65;

class Transformer extends nn.Module<[Tensor], Tensor> {
  tokens = new nn.Embedding(VOCABULARY, 64);
  places = new nn.Embedding(64, 64);
  blocks = new nn.TransformerEncoder(
    new nn.TransformerEncoderLayer(64, 4, 256, { dropout: 0, batchFirst: true, activation: 'gelu', normFirst: true }),
    2,
  );
  head = new nn.Linear(64, VOCABULARY);
  // true: hidden
  future = ones([64, 64]).triu(1).to('bool');

  override forward(x: Tensor): Tensor {
    const hidden = this.tokens(x).add(this.places(arange(64)));
    return this.head(this.blocks(hidden, { mask: this.future }));
  }
}

class CharacterModel extends nn.Module<[Tensor], Tensor> {
  tokens = new nn.Embedding(VOCABULARY, 32);
  lstm = new nn.LSTM(32, 128, { batchFirst: true });
  head = new nn.Linear(128, VOCABULARY);

  override forward(x: Tensor): Tensor {
    const [hidden] = this.lstm(this.tokens(x));
    return this.head(hidden);
  }
}

/** A batch of texts and the next characters. */
function texts(batch: number, length: number): [x: Tensor, y: Tensor] {
  return [randint(0, VOCABULARY, [batch, length]), randint(0, VOCABULARY, [batch * length])];
}

export const workloads = {
  tiny: () => {
    manualSeed(0);
    const model = perceptron([2, 32, 32, 1]);
    const [x, y] = [randn([64, 2]), rand([64, 1]).gt(0.5).to('float32')];
    return training(model, () => F.binaryCrossEntropyWithLogits(model(x), y));
  },
  mlp: () => {
    manualSeed(0);
    const model = perceptron([784, 256, 128, 10]);
    const [x, y] = [randn([64, 784]), randint(0, 10, [64])];
    return training(model, () => F.crossEntropy(model(x), y));
  },
  lenet: () => {
    manualSeed(0);
    const model = new nn.Sequential(
      new nn.Conv2d(1, 6, 5, { padding: 2 }),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Conv2d(6, 16, 5),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      ...perceptron([400, 120, 84, 10]).children(),
    );
    const [x, y] = [randn([32, 1, 28, 28]), randint(0, 10, [32])];
    return training(model, () => F.crossEntropy(model(x), y));
  },
  transformer: () => {
    manualSeed(0);
    const model = new Transformer();
    const [x, y] = texts(16, 64);
    return training(model, () => F.crossEntropy(model(x).flatten(0, 1), y));
  },
  resnet20: () => {
    manualSeed(0);
    const model = resnet20();
    const [x, y] = [randn([16, 3, 32, 32]), randint(0, 10, [16])];
    return training(model, () => F.crossEntropy(model(x), y));
  },
  lstm: () => {
    manualSeed(0);
    const model = new CharacterModel();
    const [x, y] = texts(16, 32);
    return training(model, () => F.crossEntropy(model(x).flatten(0, 1), y));
  },
} satisfies Record<string, Workload>;

export type WorkloadName = keyof typeof workloads;
