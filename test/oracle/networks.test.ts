// Whole networks: same weights, same batch → the loss and the gradients of PyTorch, in float32.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { F, nn, noGrad, type Tensor, tensor } from '../../engine/index.ts';

const recorded: {
  torch: string;
  networks: Record<string, { loss: number; parameters: Record<string, number> }>;
} = JSON.parse(readFileSync(new URL('networks.json', import.meta.url), 'utf8'));

/** The gradients of all networks, in the order of networks.json. */
const values = new Float32Array(
  new Uint8Array(gunzipSync(readFileSync(new URL('networks.f32.gz', import.meta.url)))).buffer,
);

/** PyTorch's gradients of a network, by its names. */
function gradientsOf(network: string): Map<string, Float32Array> {
  const found = new Map<string, Float32Array>();
  let start = 0;
  for (const [name, { parameters }] of Object.entries(recorded.networks)) {
    for (const [parameter, size] of Object.entries(parameters)) {
      if (name === network) found.set(parameter, values.subarray(start, start + size));
      start += size;
    }
  }
  return found;
}

/** Of every element; relative to its size, or to the mean square of its parameter's gradient where that is greater. */
const tolerance = 1e-4;
const golden = (Math.sqrt(5) - 1) / 2;

function spread(shape: readonly number[], low: number, high: number, seed: number): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float64Array.from(
    { length: size },
    (_, i) => low + (high - low) * (((i + 1 + seed * 17.3) * golden) % 1),
  );
  return tensor(values).reshape(shape);
}

const integers = (shape: readonly number[], high: number, seed: number): Tensor =>
  spread(shape, 0, high, seed).floor().to('int32');

class Block extends nn.Module<[x: Tensor], Tensor> {
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  conv2: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  short: nn.Module<[x: Tensor], Tensor>;

  constructor(from: number, to: number, stride: number) {
    super();
    this.conv1 = new nn.Conv2d(from, to, 3, { stride, padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(to);
    this.conv2 = new nn.Conv2d(to, to, 3, { padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(to);
    this.short =
      from === to
        ? new nn.Identity()
        : new nn.Sequential(new nn.Conv2d(from, to, 1, { stride, bias: false }), new nn.BatchNorm2d(to));
  }

  override forward(x: Tensor): Tensor {
    const y = this.bn1(this.conv1(x)).relu();
    return this.bn2(this.conv2(y)).add(this.short(x)).relu();
  }
}

class ResNet20 extends nn.Module<[x: Tensor], Tensor> {
  stem = new nn.Conv2d(3, 16, 3, { padding: 1, bias: false });
  bn = new nn.BatchNorm2d(16);
  blocks = new nn.Sequential(
    ...[16, 16, 16, 32, 32, 32, 64, 64, 64].map((to, i) => {
      const from = i === 0 ? 16 : [16, 16, 16, 32, 32, 32, 64, 64][i - 1];
      return new Block(from, to, from === to ? 1 : 2);
    }),
  );
  head = new nn.Linear(64, 10);

  override forward(x: Tensor): Tensor {
    return this.head(this.blocks(this.bn(this.stem(x)).relu()).mean([2, 3]));
  }
}

class Classifier extends nn.Module<[tokens: Tensor], Tensor> {
  embed = new nn.Embedding(11, 8);
  lstm = new nn.LSTM(8, 12, { numLayers: 2, batchFirst: true });
  head = new nn.Linear(12, 4);

  override forward(tokens: Tensor): Tensor {
    return this.head(this.lstm(this.embed(tokens))[0].select(1, -1));
  }
}

class Language extends nn.Module<[tokens: Tensor], Tensor> {
  embed = new nn.Embedding(13, 16);
  block = new nn.TransformerEncoderLayer(16, 4, {
    dimFeedforward: 32,
    dropout: 0,
    activation: 'gelu',
    batchFirst: true,
    normFirst: true,
  });
  head = new nn.Linear(16, 13);

  override forward(tokens: Tensor): Tensor {
    return this.head(this.block(this.embed(tokens), { isCausal: true })).flatten(0, 1);
  }
}

const mlp = () =>
  new nn.Sequential(new nn.Linear(6, 16), new nn.Tanh(), new nn.Linear(16, 16), new nn.GELU(), new nn.Linear(16, 3));
const cnn = () =>
  new nn.Sequential(
    new nn.Conv2d(1, 6, 3, { padding: 1 }),
    new nn.BatchNorm2d(6),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(6, 8, 3),
    new nn.BatchNorm2d(8),
    new nn.ReLU(),
    new nn.AdaptiveAvgPool2d(2),
    new nn.Flatten(),
    new nn.Linear(32, 5),
  );

type Network = nn.Module<[x: Tensor], Tensor>;
const networks: Record<string, () => { network: Network; x: Tensor; y: Tensor }> = {
  MLP: () => ({ network: mlp(), x: spread([8, 6], -2, 2, 1), y: integers([8], 3, 2) }),
  CNN: () => ({ network: cnn(), x: spread([4, 1, 10, 10], -1, 1, 1), y: integers([4], 5, 2) }),
  'ResNet-20': () => ({ network: new ResNet20(), x: spread([4, 3, 16, 16], -1, 1, 1), y: integers([4], 10, 2) }),
  LSTM: () => ({ network: new Classifier(), x: integers([5, 7], 11, 1), y: integers([5], 4, 2) }),
  Transformer: () => ({ network: new Language(), x: integers([3, 6], 13, 1), y: integers([18], 13, 2) }),
};

/** PyTorch's names, without underscores. */
const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const rootMeanSquare = (list: Float32Array): number => Math.sqrt(list.reduce((sum, v) => sum + v * v, 0) / list.length);

describe(`networks of PyTorch ${recorded.torch}`, () => {
  test.each(Object.keys(networks))('%s', (name) => {
    const { network, x, y } = networks[name]();
    const parameters = new Map<string, Tensor>(network.namedParameters());
    const wanted = gradientsOf(name);
    const names = [...wanted.keys()];
    expect([...parameters.keys()].sort()).toEqual(names.map(camel).sort());
    names.forEach((key, i) => {
      const p = parameters.get(camel(key))!;
      const fan = p.shape.length > 1 ? p.numel() / p.shape[0] : 4;
      const [low, high] = p.shape.length === 1 && i % 3 === 0 ? [0.5, 1.5] : [-1, 1];
      noGrad(() => p.copy_(spread(p.shape, low / Math.sqrt(fan), high / Math.sqrt(fan), i)));
    });
    const loss = F.crossEntropy(network(x), y);
    loss.backward();
    const expected = recorded.networks[name].loss;
    expect(Math.abs(loss.item() - expected) / Math.abs(expected)).toBeLessThan(tolerance);
    // Where a bias precedes a normalization its gradient is 0 but for rounding: the least size counted is a share of the greatest.
    const floor = 1e-2 * Math.max(...[...wanted.values()].map(rootMeanSquare));
    const worst = [...wanted].map(([key, want]) => {
      const got = parameters.get(camel(key))!.grad!.toFlat();
      expect(got.length).toBe(want.length);
      const size = Math.max(floor, rootMeanSquare(want));
      return want.reduce((most, w, i) => Math.max(most, Math.abs(got[i] - w) / Math.max(size, Math.abs(w))), 0);
    });
    console.log(
      `${name}: ${worst.length} gradients, worst relative error of an element ${Math.max(...worst).toExponential(1)}`,
    );
    expect(
      names.filter((_, i) => !(worst[i] < tolerance)),
      'gradients that differ',
    ).toEqual([]);
  });
});
