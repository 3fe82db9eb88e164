// Checkpoints, anomalies, reparametrized weights, saved optimizers, samplers, transforms and scores.
import { describe, expect, test } from 'vitest';
import {
  arange,
  autograd,
  cat,
  data,
  einsum,
  F,
  full,
  linalg,
  manualSeed,
  metrics,
  multinomial,
  nn,
  ones,
  optim,
  rand,
  randn,
  type Tensor,
  tensor,
  zeros,
} from '../../engine/index.ts';

const worst = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item();

describe('checkpoint', () => {
  test('gives the gradients of the body, parameters and dropout included', () => {
    const run = (wrap: boolean): (Tensor | null)[] => {
      manualSeed(3);
      const body = new nn.Sequential(new nn.Linear(4, 8), new nn.Dropout(0.5), new nn.Tanh(), new nn.Linear(8, 2));
      const x = randn([5, 4]).requiresGrad_();
      const y = wrap ? autograd.checkpoint((input) => body(input), x) : body(x);
      y.square().sum().backward();
      return [x.grad, ...body.parameters().map((p) => p.grad)];
    };
    const [plain, saving] = [run(false), run(true)];
    expect(saving.length).toBe(5);
    expect(plain.map((g, i) => worst(g!, saving[i]!))).toEqual([0, 0, 0, 0, 0]);
  });

  test('keeps nothing between, and refuses second derivatives', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = autograd.checkpoint((v) => v.sin().exp().square(), x);
    expect(y.node?.operation).toBe('custom');
    expect(y.node?.saved.length).toBe(1);
    expect(y.node?.saved[0]).toBe(x);
    expect(() => y.sum().backward(undefined, { createGraph: true })).toThrow('createGraph is not possible');
  });
});

describe('detectAnomaly', () => {
  const bad = (x: Tensor): Tensor => x.sub(x.detach()).sqrt().mul(0).sum();

  test('names the operation and where it was recorded', () => {
    const x = tensor([1, 4], { requiresGrad: true });
    expect(() => autograd.detectAnomaly(() => bad(x).backward())).toThrow(
      /sqrt.*made NaN[\s\S]*training-tools\.test\.ts/,
    );
  });

  test('is off outside', () => {
    const x = tensor([1, 4], { requiresGrad: true });
    bad(x).backward();
    expect(x.grad!.isnan().all().item()).toBe(1);
  });
});

test('grad of several outputs is the sum of theirs', () => {
  const x = tensor([1, 2], { requiresGrad: true });
  const [g] = autograd.grad([x.square().sum(), x.mul(3)], [x], { gradOutputs: [tensor(2), tensor([1, 10])] });
  expect(g!.toArray()).toEqual([7, 38]);
});

describe('reparametrized weights', () => {
  test('weightNorm: slices have the lengths g, and both parts are trained', () => {
    const layer = nn.utils.weightNorm(new nn.Linear(3, 2));
    expect([...layer.namedParameters()].map(([name]) => name).sort()).toEqual(['bias', 'weightG', 'weightV']);
    const { weightG: g } = layer as unknown as { weightG: Tensor };
    layer(ones([1, 3]))
      .sum()
      .backward();
    expect(worst(layer.weight.norm(2, 1, true), g)).toBeLessThan(1e-6);
    expect(layer.parameters().every((p) => p.grad !== null)).toBe(true);
    nn.utils.removeReparametrizations(layer);
    expect([...layer.namedParameters()].map(([name]) => name).sort()).toEqual(['bias', 'weight']);
  });

  test('spectralNorm: the greatest singular value goes to 1', () => {
    manualSeed(0);
    const layer = nn.utils.spectralNorm(new nn.Linear(5, 4));
    for (let i = 0; i < 60; i++) layer(ones([1, 5]));
    expect(linalg.svdvals(layer.weight).max().item()).toBeCloseTo(1, 4);
    layer(ones([1, 5]))
      .sum()
      .backward();
    const { weightOrig } = layer as unknown as { weightOrig: Tensor };
    expect(weightOrig.grad).not.toBeNull();
  });
});

describe('a saved optimizer goes on as if nothing had happened', () => {
  const make = (p: Tensor): Record<string, optim.Optimizer> => ({
    SGD: new optim.SGD([p], { lr: 0.1, momentum: 0.9 }),
    Adam: new optim.Adam([p]),
    RMSprop: new optim.RMSprop([p], { momentum: 0.5 }),
    Lion: new optim.Lion([p]),
  });
  test.each(['SGD', 'Adam', 'RMSprop', 'Lion'])('%s', (name) => {
    const [p, q] = [0, 1].map(() => tensor([1, -2], { dtype: 'float64', requiresGrad: true }));
    const [first, second] = [make(p)[name], make(q)[name]];
    const move = (x: Tensor, optimizer: optim.Optimizer): void => {
      optimizer.zeroGrad();
      x.square().sum().backward();
      optimizer.step();
    };
    for (let i = 0; i < 3; i++) move(p, first);
    second.loadStateDict(JSON.parse(JSON.stringify(first.stateDict())));
    q.detach().copy_(p.detach());
    for (let i = 0; i < 3; i++)
      for (const [x, o] of [
        [p, first],
        [q, second],
      ] as const)
        move(x, o);
    expect(q.toArray()).toEqual(p.toArray());
  });

  test('a wrong one is refused', () => {
    const [a, b] = [tensor([1], { requiresGrad: true }), tensor([1], { requiresGrad: true })];
    const saved = new optim.Adam([a, b]).stateDict();
    expect(() => new optim.Adam([a]).loadStateDict(saved)).toThrow('expected groups of 1 parameters, got 2');
    expect(() => new optim.SGD([{ params: [a] }, { params: [a] }], { lr: 1 })).toThrow('a parameter is in two groups');
  });
});

describe('drawing', () => {
  test('multinomial follows the weights', () => {
    manualSeed(1);
    const drawn = multinomial(tensor([1, 0, 3]), 4000, { replacement: true }).toFlat();
    const counts = [0, 1, 2].map((c) => drawn.filter((d) => d === c).length);
    expect(counts[1]).toBe(0);
    expect(counts[2] / 4000).toBeCloseTo(0.75, 1);
    expect([...multinomial(tensor([1, 2, 3]), 3).toFlat()].sort()).toEqual([0, 1, 2]);
    expect(() => multinomial(tensor([1, 0]), 2)).toThrow("can't draw 2 of 1 positive weights");
  });

  test('a weighted sampler decides what a loader gives', () => {
    manualSeed(0);
    const set = new data.TensorDataset(arange(3).to('float32'));
    const sampler = new data.WeightedRandomSampler([0, 1, 0], 5);
    const batches = [...new data.DataLoader(set, { batchSize: 2, sampler })];
    expect(batches.map(([x]) => x.toArray())).toEqual([[1, 1], [1, 1], [1]]);
  });

  test('joined data sets, and a collate of one’s own', () => {
    const part = (n: number) => new data.TensorDataset(full([n, 1], n));
    const joined = new data.ConcatDataset([part(1), part(2)]);
    const collate = (samples: Tensor[][]): Tensor[] => [cat(samples.map(([x]) => x))];
    expect([...new data.DataLoader(joined, { batchSize: 3, collate })][0][0].toArray()).toEqual([1, 2, 2]);
  });
});

describe('transforms', () => {
  const { transforms } = data;
  const image = () => arange(48).to('float32').div(48).reshape([3, 4, 4]);

  test('keep the size and the range of an image', () => {
    manualSeed(5);
    const all = {
      affine: transforms.randomAffine({ degrees: 30, translate: [0.2, 0.2], scale: [0.8, 1.2], shear: 10 }),
      jitter: transforms.colorJitter({ brightness: 0.5, contrast: 0.5, saturation: 0.5, hue: 0.2 }),
      erasing: transforms.randomErasing({ p: 1 }),
      resized: transforms.randomResizedCrop(4),
      vertical: transforms.randomVerticalFlip(1),
    };
    for (const [name, transform] of Object.entries(all)) {
      const changed = transform(image());
      expect(changed.shape, name).toEqual([3, 4, 4]);
      expect([changed.min().item() >= 0, changed.max().item() <= 1], name).toEqual([true, true]);
      expect(worst(changed, image()), name).toBeGreaterThan(0);
    }
  });

  test('an affine transform without anything does nothing; hue turned by nothing neither', () => {
    expect(worst(transforms.randomAffine({})(image()), image())).toBeLessThan(1e-6);
    expect(worst(transforms.colorJitter({ hue: 1e-9 })(image()), image())).toBeLessThan(1e-6);
  });

  test('crops and sizes', () => {
    expect(transforms.centerCrop(2)(image()).select(0, 0).toArray()).toEqual(
      image().slice(1, 1, 3).slice(2, 1, 3).select(0, 0).toArray(),
    );
    expect(transforms.resize([2, 8])(image()).shape).toEqual([3, 2, 8]);
    expect(transforms.grayscale(3)(image()).shape).toEqual([3, 4, 4]);
    expect(() => transforms.randomCrop(9)(image())).toThrow("doesn't fit into [3, 4, 4]");
  });

  test('mixed batches keep the sum of their targets', () => {
    manualSeed(2);
    const target = F.oneHot(tensor([0, 1, 2, 1], { dtype: 'int32' }), 3);
    for (const mix of [transforms.mixup, transforms.cutmix]) {
      const [x, y] = mix([rand([4, 3, 6, 6]), target]);
      expect([x.shape, worst(y.sum(1), ones([4])) < 1e-6]).toEqual([[4, 3, 6, 6], true]);
    }
  });
});

describe('generators', () => {
  test('have the shapes and classes they say', () => {
    expect(data.spirals(10, { arms: 3 }).x.shape).toEqual([10, 2]);
    expect(data.spirals(9, { arms: 3 }).y.max().item()).toBe(2);
    expect(data.blobs(12, { centers: 4, features: 3 }).x.shape).toEqual([12, 3]);
    const { x, y, weights } = data.regression(5, { features: 2, bias: 1 });
    expect(worst(y, x.matmul(weights).add(1))).toBe(0);
  });
});

describe('scores', () => {
  test('by hand', () => {
    const scores = tensor([
      [0.1, 0.5, 0.4],
      [0.6, 0.3, 0.1],
      [0.2, 0.3, 0.5],
    ]);
    const target = tensor([2, 1, 2], { dtype: 'int32' });
    expect(metrics.topKAccuracy(scores, target, 1)).toBeCloseTo(1 / 3);
    expect(metrics.topKAccuracy(scores, target, 2)).toBe(1);
    expect(metrics.rocAuc(tensor([0.1, 0.4, 0.35, 0.8]), tensor([0, 0, 1, 1]))).toBe(0.75);
    expect(metrics.rocAuc(tensor([1, 1, 1]), tensor([0, 1, 1]))).toBe(0.5);
    expect(metrics.r2Score(tensor([2.5, 0, 2, 8]), tensor([3, -0.5, 2, 7]))).toBeCloseTo(0.9486, 4);
    expect(metrics.perplexity(Math.log(7))).toBeCloseTo(7);
    const [a, b] = [tensor([0, 0, 1, 1], { dtype: 'int32' }), tensor([0, 1, 1, 1], { dtype: 'int32' })];
    expect(metrics.segmentationIou(a, b, 3)).toEqual([1 / 2, 2 / 3, Number.NaN]);
    expect(() => metrics.rocAuc(tensor([1]), tensor([1]))).toThrow('positive and negative');
  });
});

describe('clear refusals', () => {
  test.each<[string, () => unknown, string]>([
    ['mm of vectors', () => zeros([2]).mm(zeros([2])), 'expected two matrices, got [2] and [2]'],
    ['a singular inverse', () => ones([2, 2]).inverse(), 'singular'],
    [
      'cholesky of an indefinite matrix',
      () =>
        linalg.cholesky(
          tensor([
            [1, 2],
            [2, 1],
          ]),
        ),
      'not positive definite',
    ],
    ['det of a rectangle', () => zeros([2, 3]).det(), 'expected a square matrix'],
    ['topk of too many', () => zeros([2]).topk(3), 'asked for 3 elements of dimension 0, which has 2'],
    ['einsum of one operand too few', () => einsum('ij,jk->ik', zeros([2, 2])), "doesn't describe 1 operand"],
    ['an interpolation without a size', () => F.interpolate(zeros([1, 1, 2, 2]), {}), 'either a size or a scaleFactor'],
    ['pixelShuffle', () => F.pixelShuffle(zeros([1, 3, 2, 2]), 2), 'divisible by 4'],
    ['reflection beyond the edge', () => F.pad(zeros([1, 2]), [2, 0], { mode: 'reflect' }), 'at most 1'],
    ['sub of bools', () => tensor([true]).sub(tensor([true])), 'bools have no difference'],
    ['Muon of a vector', () => new optim.Muon([zeros([2], { requiresGrad: true })]), 'expected matrices only'],
    ['LBFGS without closure', () => new optim.LBFGS([zeros([2], { requiresGrad: true })]).step(), 'expected a closure'],
    ['an index too many', () => zeros([2]).index(0, 0), '2 indices for 1 dimensions'],
  ])('%s', (_, body, message) => {
    expect(body).toThrow(message);
  });
});
