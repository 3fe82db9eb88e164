// Options are by name: one that doesn't exist is refused wherever it is given, for JavaScript would ignore it.
import { describe, expect, test } from 'vitest';
import { data, F, linalg, metrics, nn, ones, optim, type Tensor, tensor, where, zeros } from '../../engine/index.ts';

const x = tensor([
  [1, 2, 3],
  [6, 5, 4],
]);

describe('names of options that do not exist', () => {
  // How many arguments come before the options.
  const functions: Readonly<Record<string, number>> = {
    mseLoss: 2,
    l1Loss: 2,
    huberLoss: 2,
    smoothL1Loss: 2,
    binaryCrossEntropy: 2,
    binaryCrossEntropyWithLogits: 2,
    multilabelSoftMarginLoss: 2,
    nllLoss: 2,
    crossEntropy: 2,
    klDiv: 2,
    poissonNllLoss: 2,
    gaussianNllLoss: 3,
    marginRankingLoss: 3,
    cosineEmbeddingLoss: 3,
    cosineSimilarity: 2,
    hingeEmbeddingLoss: 2,
    softMarginLoss: 2,
    multiMarginLoss: 2,
    multilabelMarginLoss: 2,
    pairwiseDistance: 2,
    tripletMarginLoss: 3,
    tripletMarginWithDistanceLoss: 3,
    ctcLoss: 4,
    gelu: 1,
    gumbelSoftmax: 1,
    embedding: 2,
    scaledDotProductAttention: 3,
    layerNorm: 2,
    rmsNorm: 2,
    groupNorm: 2,
    instanceNorm: 1,
    batchNorm: 1,
    interpolate: 1,
    gridSample: 2,
    affineGrid: 2,
    pad: 2,
    dropout: 1,
    conv1d: 3,
    conv2d: 3,
    convTranspose2d: 3,
    maxPool2d: 2,
    avgPool2d: 2,
    lpPool2d: 3,
    adaptiveMaxPool2d: 2,
    maxUnpool2d: 3,
    unfold: 2,
    fold: 3,
  };

  const given: Readonly<Record<string, readonly unknown[]>> = {
    layerNorm: [x, [3]],
    rmsNorm: [x, [3]],
    pad: [x, [1, 1]],
    affineGrid: [x, [1, 1, 2, 2]],
    adaptiveMaxPool2d: [ones([1, 1, 4, 4]), 2],
    maxUnpool2d: [ones([1, 1, 2, 2]), ones([1, 1, 2, 2]), 2],
    unfold: [ones([1, 1, 4, 4]), 2],
    fold: [ones([1, 4, 4]), 4, 2],
    maxPool2d: [ones([1, 1, 4, 4]), 2],
    avgPool2d: [ones([1, 1, 4, 4]), 2],
    lpPool2d: [ones([1, 1, 4, 4]), 2, 2],
  };

  test.each(Object.entries(functions))('F.%s', (name, before) => {
    const args = given[name] ?? new Array(before).fill(x);
    const f = F[name as keyof typeof F] as (...args: unknown[]) => unknown;
    expect(() => f(...args, { nonsense: 1 })).toThrow(/there is no option nonsense; there are \w+/);
  });

  test('the spelling of PyTorch is recognised', () => {
    const classes = tensor([0, 1], { dtype: 'int32' });
    expect(() => F.crossEntropy(x, classes, { label_smoothing: 0.1 } as object)).toThrow(
      'crossEntropy: there is no option label_smoothing (it is spelled labelSmoothing); there are weight, ignoreIndex, reduction, labelSmoothing.',
    );
    expect(() => F.mseLoss(x, x, 'sum' as never)).toThrow(
      'mseLoss: expected an object of options (reduction), got sum',
    );
  });

  test('masks', () => {
    const layer = new nn.TransformerEncoderLayer(4, 2, 8);
    const sequence = ones([3, 1, 4]);
    expect(() => layer(sequence, { tgtMask: x } as object)).toThrow(
      'TransformerEncoderLayer: there is no option tgtMask',
    );
    const decoder = new nn.TransformerDecoderLayer(4, 2, 8);
    expect(() => decoder(sequence, sequence, { srcMask: x } as object)).toThrow('there is no option srcMask');
    const attention = new nn.MultiheadAttention(4, 2);
    expect(() => attention(sequence, sequence, sequence, { srcMask: x } as object)).toThrow('no option srcMask');
  });

  test('of reductions and orders', () => {
    for (const call of [
      () => x.sum(1, { keepDim: true } as object),
      () => x.max(1, { keepDim: true } as object),
      () => x.std(1, { biased: true } as object),
      () => x.norm({ dims: 1 } as object),
      () => x.sort(1, { reverse: true } as object),
    ]) {
      expect(call).toThrow(/there is no option/);
    }
  });
});

describe('masks by PyTorch’s names are those of the groups', () => {
  const later = ones([3, 3]).triu(1).bool();
  const late = tensor([[0, 0, 1]], { dtype: 'bool' });
  const sequence = tensor(Array.from({ length: 12 }, (_, i) => Math.sin(i))).reshape(1, 3, 4);
  const options = { dimFeedforward: 8, dropout: 0, batchFirst: true };

  test('encoder', () => {
    const encoder = new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2, options), 1);
    const want = encoder(sequence, { attnMask: later, keyPaddingMask: late });
    expect(encoder(sequence, { srcMask: later, srcKeyPaddingMask: late }).equal(want)).toBe(true);
    expect(encoder(sequence, { mask: later, srcKeyPaddingMask: late }).equal(want)).toBe(true);
    expect(encoder(sequence, later, late).equal(want)).toBe(true);
    expect(encoder(sequence, { isCausal: true, keyPaddingMask: late }).allclose(want)).toBe(true);
    expect(encoder(sequence).equal(want)).toBe(false);
  });

  test('both', () => {
    const model = new nn.Transformer(4, 2, 1, 1, options);
    const want = model(sequence, sequence, { source: { keyPaddingMask: late }, target: { attnMask: later } });
    expect(model(sequence, sequence, { srcKeyPaddingMask: late, tgtMask: later }).equal(want)).toBe(true);
    const float = nn.Transformer.generateSquareSubsequentMask(3);
    expect(float.toArray()).toEqual([
      [0, -Infinity, -Infinity],
      [0, 0, -Infinity],
      [0, 0, 0],
    ]);
    expect(model(sequence, sequence, { srcKeyPaddingMask: late, tgtMask: float }).allclose(want)).toBe(true);
  });
});

describe('results and arguments in order', () => {
  test('values and indices as an array', () => {
    for (const found of [x.max(1), x.min(1), x.median(1), x.mode(1), x.sort(1), x.topk(2), x.kthvalue(1)]) {
      const [values, indices] = found;
      expect([values === found.values, indices === found.indices]).toEqual([true, true]);
    }
    const [v, i] = x.max(1);
    expect([v.tolist(), i.tolist()]).toEqual([
      [3, 6],
      [2, 0],
    ]);
    const [q, r] = linalg.qr(x);
    expect(q.matmul(r).allclose(x)).toBe(true);
  });

  test('keepdim, descending, unbiased by position', () => {
    const [values] = x.max(1, true);
    const shapes = [x.sum(1, true), x.mean(0, true), x.argmax(1, true), x.logsumexp(1, true), values].map(
      (t) => t.shape,
    );
    expect(shapes).toEqual([
      [2, 1],
      [1, 3],
      [2, 1],
      [2, 1],
      [2, 1],
    ]);
    expect([...x.sort(1, true)][0].tolist()).toEqual([
      [3, 2, 1],
      [6, 5, 4],
    ]);
    expect(x.topk(1, 1, false).values.tolist()).toEqual([[1], [4]]);
    expect(x.var(1, false).equal(x.var(1, { unbiased: false }))).toBe(true);
    expect(x.std(1, true, true).shape).toEqual([2, 1]);
    expect(x.var({ unbiased: false }).equal(x.var(false))).toBe(true);
  });

  test('norm takes p first', () => {
    expect([x.norm(1).item(), x.norm(Infinity).item(), x.norm('fro').item()]).toEqual([21, 6, x.norm().item()]);
    expect(x.norm(1, 1).tolist()).toEqual([6, 15]);
    expect(x.norm({ p: 1, dim: 1, keepdim: true }).tolist()).toEqual([[6], [15]]);
    expect(() => x.norm([0, 1] as never)).toThrow('norm: expected a number p first, as in norm(2, dims), got [0,1].');
  });

  test('where a condition holds', () => {
    const [rows, columns] = where(x.gt(3));
    expect([rows.tolist(), columns.tolist()]).toEqual([
      [1, 1, 1],
      [0, 1, 2],
    ]);
  });

  test('detach_ cuts off this very tensor, not what was made of it', () => {
    const w = tensor([2], { requiresGrad: true });
    const y = w.mul(3);
    const z = y.mul(y);
    expect(y.detach_()).toBe(y);
    expect([y.isLeaf, y.requiresGrad]).toEqual([true, false]);
    z.sum().backward();
    expect(w.grad!.item()).toBe(36);
    expect(() => w.view(1).detach_()).toThrow("detach_: a view can't be cut off in place. Use detach().");
  });

  test('eigh reads the lower triangle', () => {
    const junk = tensor([
      [2, 99],
      [1, 2],
    ]);
    expect(linalg.eigvalsh(junk).allclose(tensor([1, 3]))).toBe(true);
  });
});

describe('modules', () => {
  test('Sequential of a list, or with names', () => {
    const named = new nn.Sequential({ fc1: new nn.Linear(3, 2), act: new nn.ReLU() });
    expect([...named.namedParameters()].map(([name]) => name)).toEqual(['fc1.weight', 'fc1.bias']);
    expect(named(x).shape).toEqual([2, 2]);
    expect(new nn.Sequential([new nn.Linear(3, 2), new nn.ReLU()]).length).toBe(2);
    expect(() => new nn.Sequential({ forward: new nn.ReLU() })).toThrow('forward is the name of a method');
    expect(() => new nn.Sequential({ act: F.relu } as never)).toThrow('Sequential: act is not a module');
  });

  test('to(dtype) keeps the objects, so an optimizer goes on', () => {
    const model = new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm1d(2, { momentum: null }));
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const before = model.parameters();
    expect(model.double()).toBe(model);
    expect(model.parameters().every((p, i) => p === before[i])).toBe(true);
    expect(model.buffers().map(({ dtype }) => dtype)).toEqual(['float64', 'float64', 'int32']);
    const start = before[0].clone();
    model(x.double()).square().sum().backward();
    optimizer.step();
    expect([before[0].dtype, before[0].grad!.dtype, before[0].equal(start)]).toEqual(['float64', 'float64', false]);
    expect(model.float()(x).dtype).toBe('float32');
    expect(model.to('cpu')).toBe(model);
    expect(() => model.to('int32' as 'float32')).toThrow(
      'to: a module is float32 or float64 (and on the cpu), got int32.',
    );
  });

  test('fields by name', () => {
    class Scaled extends nn.Module<[Tensor], Tensor> {
      declare scale: nn.Buffer;
      declare shift: nn.Parameter;
      constructor() {
        super();
        this.registerBuffer('scale', tensor([2]));
        this.registerParameter('shift', new nn.Parameter(zeros([3])));
        this.addModule('inner', new nn.Sequential(new nn.Linear(3, 3)));
      }
    }
    const model = new Scaled();
    expect(Object.keys(model.stateDict())).toEqual(['shift', 'inner.0.weight', 'inner.0.bias', 'scale']);
    expect(model.getParameter('inner.0.weight').shape).toEqual([3, 3]);
    expect(model.getSubmodule('inner.0')).toBeInstanceOf(nn.Linear);
    expect(model.getBuffer('scale')).toBe(model.scale);
    expect(() => model.getSubmodule('inner.1')).toThrow(
      "getSubmodule: Scaled has no 'inner.1'; it has inner, inner.0.",
    );
    expect(() => model.registerParameter('w', tensor([1]) as nn.Parameter)).toThrow('w is not an nn.Parameter');
  });

  test('cumulative batch normalization counts its batches, and its state goes into another', () => {
    const norm = new nn.BatchNorm1d(3, { momentum: null });
    norm(x);
    norm(x.mul(3));
    expect(norm.runningMean!.allclose(x.mean(0).mul(2))).toBe(true);
    expect(norm.stateDict().numBatchesTracked.item()).toBe(2);
    const other = new nn.BatchNorm1d(3, { momentum: null });
    other.loadStateDict({ ...norm.stateDict() });
    expect(other.numBatchesTracked!.item()).toBe(2);
  });

  test('embeddings of given rows', () => {
    const frozen = nn.Embedding.fromPretrained(x);
    expect([frozen.weight.requiresGrad, frozen(tensor([1], { dtype: 'int32' })).tolist()]).toEqual([
      false,
      [[6, 5, 4]],
    ]);
    expect(nn.Embedding.fromPretrained(x, { freeze: false }).weight.requiresGrad).toBe(true);
    expect(() => new nn.Embedding(3, 2, { paddingIdx: 3 })).toThrow(
      'Embedding: expected a paddingIdx from -3 to 2, got 3.',
    );
  });

  test('lengths for CTC as tensors, targets one after the other', () => {
    const log = tensor(Array.from({ length: 24 }, (_, i) => Math.cos(i)))
      .reshape(4, 2, 3)
      .logSoftmax(2);
    const padded = tensor(
      [
        [1, 2],
        [2, 0],
      ],
      { dtype: 'int32' },
    );
    const want = F.ctcLoss(log, padded, [4, 4], [2, 1]);
    const ints = (...values: number[]) => tensor(values, { dtype: 'int32' });
    expect(F.ctcLoss(log, padded, ints(4, 4), ints(2, 1)).item()).toBe(want.item());
    expect(F.ctcLoss(log, ints(1, 2, 2), ints(4, 4), ints(2, 1)).item()).toBe(want.item());
  });

  test('samples of a categorical distribution with a gradient', () => {
    const logits = x.clone().requiresGrad_();
    const hard = F.gumbelSoftmax(logits, { tau: 0.5, hard: true });
    expect(hard.sum(1).allclose(ones([2]))).toBe(true);
    expect(hard.eq(1).logicalOr(hard.abs().lt(1e-6)).all().item()).toBe(1);
    hard.mul(x).sum().backward();
    expect(logits.grad!.abs().sum().item()).toBeGreaterThan(0);
    const draws = F.gumbelSoftmax(tensor([0, Math.log(3)]).expand(4000, 2), 1, true).mean(0);
    expect(draws.at(1).item()).toBeCloseTo(0.75, 1);
  });

  test('print their options by name', () => {
    expect([new nn.Linear(2, 3), new nn.BatchNorm2d(4), new nn.RMSNorm(4)].map(String)).toEqual([
      'Linear(inFeatures=2, outFeatures=3, bias=true)',
      'BatchNorm2d(4, eps=1e-5, momentum=0.1, affine=true, trackRunningStats=true)',
      'RMSNorm([4], eps=null, elementwiseAffine=true)',
    ]);
  });
});

test('data and metrics: a count first, and as many classes as there are', () => {
  expect(() => data.blobs({ n: 512 } as never)).toThrow(
    'Expected how many points first, as in twoMoons(500, { noise: 0.1 }); got an object.',
  );
  const [predicted, truth] = [tensor([0, 1, 2], { dtype: 'int32' }), tensor([0, 1, 1], { dtype: 'int32' })];
  expect(metrics.segmentationIou(predicted, truth)).toEqual([1, 0.5, 0]);
});
