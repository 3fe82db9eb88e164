import {
  arange,
  F,
  manualSeed,
  nn,
  ones,
  optim,
  rand,
  randint,
  randn,
  type Tensor,
} from '../../../../engine/host/api.ts';
import { RATE } from '../rate.ts';

/** A model, its batch, and its loss. `python/workloads.py` and `peers/models.mjs` have the same. */
export interface Workload {
  readonly model: nn.Module<[Tensor], Tensor>;
  readonly x: Tensor;
  readonly y: Tensor;
  readonly loss: (output: Tensor, y: Tensor) => Tensor;
}

/** One whole step: forward, loss, backward, update. */
export function training({ model, x, y, loss }: Workload): (wanted?: boolean) => number | undefined {
  const optimizer = new optim.SGD(model.parameters(), { lr: RATE });
  return (wanted = false) => {
    optimizer.zeroGrad();
    const value = loss(model(x), y);
    value.backward();
    optimizer.step();
    return wanted ? value.item() : undefined;
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

const lenet = () =>
  new nn.Sequential(
    new nn.Conv2d(1, 6, 5, { padding: 2 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(6, 16, 5),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    ...perceptron([400, 120, 84, 10]).children(),
  );

const texts = (length: number): [x: Tensor, y: Tensor] => [
  randint(0, VOCABULARY, [16, length]),
  randint(0, VOCABULARY, [16 * length]),
];
const classes = (output: Tensor, y: Tensor) => F.crossEntropy(output, y);
const nextCharacters = (output: Tensor, y: Tensor) => F.crossEntropy(output.flatten(0, 1), y);

export const workloads = {
  tiny: () => {
    const model = perceptron([2, 32, 32, 1]);
    const y = rand([64, 1]).gt(0.5).to('float32');
    return { model, x: randn([64, 2]), y, loss: (output, target) => F.binaryCrossEntropyWithLogits(output, target) };
  },
  mlp: () => ({
    model: perceptron([784, 256, 128, 10]),
    x: randn([64, 784]),
    y: randint(0, 10, [64]),
    loss: classes,
  }),
  lenet: () => ({ model: lenet(), x: randn([32, 1, 28, 28]), y: randint(0, 10, [32]), loss: classes }),
  transformer: () => {
    const [x, y] = texts(64);
    return { model: new Transformer(), x, y, loss: nextCharacters };
  },
  resnet20: () => ({ model: resnet20(), x: randn([16, 3, 32, 32]), y: randint(0, 10, [16]), loss: classes }),
  lstm: () => {
    const [x, y] = texts(32);
    return { model: new CharacterModel(), x, y, loss: nextCharacters };
  },
} satisfies Record<string, () => Workload>;

export type WorkloadName = keyof typeof workloads;

/** What workloads are, for a reader. */
export const DESCRIPTIONS: Readonly<Record<WorkloadName, string>> = {
  tiny: 'MLP 2-32-32-1, batch 64',
  mlp: 'MLP 784-256-128-10, batch 64',
  lenet: 'LeNet, 28×28, batch 32',
  transformer: 'transformer, 2 layers, d 64, 4 heads, T 64, batch 16',
  resnet20: 'ResNet-20, 32×32, batch 16',
  lstm: 'char-LSTM, 128 units, T 32, batch 16',
};

/** One of the workloads, or `perceptron:BATCH:WIDTH:DEPTH`: as many layers of a width, for scaling. */
export function workload(name: string): Workload {
  manualSeed(0);
  if (!name.startsWith('perceptron:')) return workloads[name as WorkloadName]();
  const [batch, width, depth] = name.split(':').slice(1).map(Number);
  const model = perceptron(Array<number>(depth + 1).fill(width));
  return { model, x: randn([batch, width]), y: randint(0, width, [batch]), loss: classes };
}
