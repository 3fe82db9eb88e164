// What layers take, print and draw; their numbers are compared with PyTorch's in test/oracle.
import { describe, expect, test } from 'vitest';
import { F, manualSeed, nn, ones, randn, type Tensor, tensor, zeros } from '../../engine/index.ts';

describe('options', () => {
  test('by position as in PyTorch, or by name', () => {
    const byName = new nn.Conv2d(2, 4, 3, { stride: 2, padding: 1, bias: false });
    const byPosition = new nn.Conv2d(2, 4, 3, 2, 1, { bias: false });
    expect(String(byPosition)).toBe(String(byName));
    expect(byPosition(zeros([1, 2, 6, 6])).shape).toEqual([1, 4, 3, 3]);
    expect(new nn.MaxPool2d(3, 2)(zeros([1, 1, 7, 7])).shape).toEqual([1, 1, 3, 3]);
    expect(new nn.ELU(0.5).alpha).toBe(new nn.ELU({ alpha: 0.5 }).alpha);
    expect(new nn.Softmax({ dim: 1 }).dim).toBe(1);
    const weight = tensor([1, 3]);
    const [x, y] = [randn([4, 2]), tensor([0, 1, 1, 0], { dtype: 'int32' })];
    expect(new nn.CrossEntropyLoss(weight)(x, y).item()).toBe(F.crossEntropy(x, y, { weight }).item());
    expect(new nn.ReLU(true)(tensor([-1])).item()).toBe(0);
  });

  test('that do not exist are named, with those that do', () => {
    const wrong = { kernel_size: 3 } as object;
    expect(() => new nn.Conv2d(1, 1, 3, wrong)).toThrow('Conv2d: there is no option kernel_size; there are stride,');
    expect(() => F.dropout(ones([2]), ...([0.5, true, 3] as never[]))).toThrow(
      'expected at most 2 options (p, training)',
    );
    expect(() => new (nn.Softmax as new () => nn.Softmax)()).toThrow('Softmax: give dim');
    expect(() => new nn.MSELoss({ reduction: 'avg' as 'mean' })(ones([2]), ones([2]))).toThrow('mean, sum or none');
    expect(() => new nn.Conv2d(1, 1, [3] as never)).toThrow(
      'expected kernelSize as one number or a list of 2, got [3]',
    );
  });
});

test('layers print as in PyTorch', () => {
  const printed = new Map<string, nn.Module>([
    ['LeakyReLU(negativeSlope=0.2)', new nn.LeakyReLU(0.2)],
    ['Threshold(threshold=0.1, value=20)', new nn.Threshold(0.1, 20)],
    ['Dropout2d(p=0.5)', new nn.Dropout2d()],
    ['Conv2d(3, 8, kernelSize=[3, 3], stride=1, padding=1)', new nn.Conv2d(3, 8, 3, { padding: 1 })],
    [
      'Conv3d(2, 4, kernelSize=[2, 3, 1], stride=[1, 2, 1], groups=2)',
      new nn.Conv3d(2, 4, [2, 3, 1], { stride: [1, 2, 1], groups: 2 }),
    ],
    [
      'ConvTranspose1d(3, 8, kernelSize=[3], stride=2, bias=false)',
      new nn.ConvTranspose1d(3, 8, 3, 2, { bias: false }),
    ],
    ['MaxPool2d(kernelSize=2, stride=2, padding=0)', new nn.MaxPool2d(2)],
    ['AvgPool3d(kernelSize=[1, 2, 2], stride=2, padding=0)', new nn.AvgPool3d([1, 2, 2], 2)],
    ['AdaptiveAvgPool2d(outputSize=[null, 7])', new nn.AdaptiveAvgPool2d([null, 7])],
    ['PReLU(numParameters=3)', new nn.PReLU(3)],
    ['CrossEntropyLoss()', new nn.CrossEntropyLoss({ labelSmoothing: 0.1 })],
  ]);
  for (const [text, module] of printed) expect(String(module)).toBe(text);
});

describe('what is drawn', () => {
  const x = (): Tensor => randn([20_000]);

  test('alpha dropout keeps mean 0 and variance 1, and sets the dropped to one value', () => {
    manualSeed(1);
    const y = new nn.AlphaDropout(0.3)(x());
    expect(y.mean().item()).toBeCloseTo(0, 1);
    expect(y.std().item()).toBeCloseTo(1, 1);
    // a·limit + b where dropped, a + b elsewhere, with PyTorch's a and b for p = 0.3
    const two = new nn.AlphaDropout(0.3)(ones([20_000]));
    expect(two.lt(0).to('float32').mean().item()).toBeCloseTo(0.3, 1);
    expect([two.min().item(), two.max().item()].map((v) => v.toFixed(3))).toEqual(['-1.060', '1.315']);
  });

  test('whole channels live or die together', () => {
    manualSeed(2);
    for (const [layer, shape] of [
      [new nn.Dropout1d(0.5), [40, 3, 5]],
      [new nn.Dropout2d(0.5), [40, 3, 2, 5]],
      [new nn.Dropout3d(0.5), [40, 3, 2, 2, 5]],
      [new nn.FeatureAlphaDropout(0.5), [40, 3, 5]],
    ] as const) {
      const y = layer(ones(shape)).flatten(2);
      expect(y.std(2).max().item()).toBeLessThan(1e-6);
      expect(new Set(Array.from(y.toFlat(), (v) => v.toFixed(5))).size).toBe(2);
      layer.eval();
      expect(layer(ones(shape)).min().item()).toBe(1);
    }
  });

  test('randomized leaky ReLU draws slopes while training, and takes their mean otherwise', () => {
    manualSeed(3);
    const layer = new nn.RReLU(0.2, 0.4);
    const slopes = layer(ones([5000]).neg()).neg();
    expect(slopes.mean().item()).toBeCloseTo(0.3, 2);
    expect([slopes.min().item() >= 0.2, slopes.max().item() <= 0.4, slopes.std().item() > 0.05]).toEqual([
      true,
      true,
      true,
    ]);
    expect(layer(ones([3])).toArray()).toEqual([1, 1, 1]);
    expect(
      layer
        .eval()(tensor([-1]))
        .item(),
    ).toBeCloseTo(-0.3);
  });
});

describe('pooling with indices', () => {
  test('and back', () => {
    const x = tensor([
      [
        [
          [1, 2, 3, 4],
          [5, 9, 7, 8],
        ],
      ],
    ]);
    const [y, indices] = new nn.MaxPool2d(2, { returnIndices: true })(x);
    expect([y.toFlat(), indices.toFlat()].map((list) => [...list])).toEqual([
      [9, 8],
      [5, 7],
    ]);
    const back = new nn.MaxUnpool2d(2)(y, indices);
    expect([...back.toFlat()]).toEqual([0, 0, 0, 0, 0, 9, 0, 8]);
  });

  test('says what is wrong with its sizes', () => {
    expect(() => new nn.MaxPool2d(2, { padding: 2 })(zeros([1, 1, 4, 4]))).toThrow('more than half');
    expect(() => new nn.MaxPool3d(2)(zeros([2, 2]))).toThrow(
      'expected an input [batch, channels, depth, height, width]',
    );
    expect(() => F.convTranspose2d(zeros([1, 3, 4, 4]), zeros([2, 3, 2, 2]))).toThrow(
      'needs a weight [3, channels/groups',
    );
    expect(() => F.gaussianNllLoss(zeros([2]), zeros([2]), tensor([1, -1]))).toThrow('negative');
  });
});

test('initialization understands PyTorch’s spelling, and refuses what it does not know', () => {
  expect(nn.init.calculateGain('leaky_relu', 0.3)).toBe(nn.init.calculateGain('leakyRelu', 0.3));
  const deviation = (mode: 'fan_out' | 'fanOut'): number => {
    manualSeed(0);
    return nn.init
      .kaimingNormal_(zeros([40, 20]), { mode })
      .std()
      .item();
  };
  expect(deviation('fan_out')).toBe(deviation('fanOut'));
  expect(() => nn.init.calculateGain('gelu' as never)).toThrow('no gain is known for gelu');
  expect(() => nn.init.kaimingNormal_(zeros([4, 2]), { mode: 'fan' as never })).toThrow('a mode is fanIn or fanOut');
});

test('recurrent layers take one sequence without a batch, and name a first state of the wrong shape', () => {
  const [outputs, [h, c]] = new nn.LSTM(3, 4, 2)(randn([5, 3]));
  expect([outputs.shape, h.shape, c.shape]).toEqual([
    [5, 4],
    [2, 4],
    [2, 4],
  ]);
  expect(() => new nn.GRU(3, 4)(randn([5, 2, 3]), zeros([2, 4]))).toThrow('= [1, 2, 4], got [2, 4]');
  expect(() => new nn.LSTM(3, 4, { projSize: 4 })).toThrow('projSize must be smaller');
});

test('what is given by position is never left out', () => {
  expect(new nn.Linear(2, 2, false).bias).toBeNull();
  expect(new nn.LSTMCell(2, 3, false).biasIh).toBeNull();
  expect(new nn.LayerNorm(4, 1e-3).eps).toBe(1e-3);
  expect(new nn.LayerNorm(4, { elementwiseAffine: false }).weight).toBeNull();
  expect([new nn.BatchNorm1d(4, 1e-3, 0.2).eps, new nn.BatchNorm1d(4, 1e-3, 0.2).momentum]).toEqual([1e-3, 0.2]);
  expect(new nn.GroupNorm(2, 4, 1e-3, false).weight).toBeNull();
  expect([...new nn.Embedding(3, 2, 1).weight.select(0, 1).toFlat()]).toEqual([0, 0]);
  expect(new nn.MultiheadAttention(4, 2, 0.3).dropout).toBe(0.3);
  expect(new nn.TransformerEncoderLayer(4, 2, 8, 0.3, 'gelu').options).toMatchObject({
    dropout: 0.3,
    activation: 'gelu',
  });
  expect(
    nn.init
      .normal_(zeros([400]), 5, 0.01)
      .std()
      .item(),
  ).toBeLessThan(0.02);
  expect(
    nn.init
      .uniform_(zeros([400]), -1, 0)
      .max()
      .item(),
  ).toBeLessThan(0);
  expect(
    nn.init
      .xavierUniform_(zeros([20, 20]), 10)
      .max()
      .item(),
  ).toBeGreaterThan(1);
  expect(() => new nn.Embedding(3, 2, { maxNorms: 1 } as object)).toThrow(
    'there is no option maxNorms; there are paddingIdx, maxNorm',
  );
});

test('padding and distances as modules', () => {
  const x = tensor([[[1, 2, 3]]]);
  expect([...new nn.ReflectionPad1d(2)(x).toFlat()]).toEqual([3, 2, 1, 2, 3, 2, 1]);
  expect([...new nn.ReplicationPad1d([0, 1])(x).toFlat()]).toEqual([1, 2, 3, 3]);
  expect([...new nn.CircularPad1d(1)(x).toFlat()]).toEqual([3, 1, 2, 3, 1]);
  expect([...new nn.ConstantPad1d([1, 0], 7)(x).toFlat()]).toEqual([7, 1, 2, 3]);
  expect(new nn.ZeroPad2d([1, 0, 2, 0])(zeros([1, 1, 2, 2])).shape).toEqual([1, 1, 4, 3]);
  expect(String(new nn.ConstantPad1d([1, 0], 7))).toBe('ConstantPad1d([1, 0], value=7)');
  expect(new nn.CosineSimilarity()(tensor([[1, 0]]), tensor([[2, 0]])).item()).toBeCloseTo(1);
  expect(new nn.PairwiseDistance({ p: 1 })(tensor([[1, 0]]), tensor([[3, 0]])).item()).toBeCloseTo(2, 4);
  expect(new nn.Bilinear(2, 3, 4)(randn([5, 6, 2]), randn([5, 6, 3])).shape).toEqual([5, 6, 4]);
});
