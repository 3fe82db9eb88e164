// Windows, writes by index and counts: what the comparison with PyTorch doesn't reach.
import { describe, expect, test } from 'vitest';
import { arange, data, F, linalg, nn, type Tensor, tensor, unique, zeros } from '../../engine/index.ts';

const ints = (values: number[]) => tensor(values, { dtype: 'int32' });

describe('windows', () => {
  test('are views, and refuse changes in place where they overlap', () => {
    const x = arange(5).to('float32');
    const windows = x.unfold(0, 3, 1);
    x.at(2).fill_(10);
    expect(windows.toArray()).toEqual([
      [0, 1, 10],
      [1, 10, 3],
      [10, 3, 4],
    ]);
    expect(() => windows.add_(1)).toThrow('shows one element in several places');
    x.unfold(0, 2, 2).mul_(2);
    expect(x.toArray()).toEqual([0, 2, 20, 6, 4]);
  });

  test('that do not fit', () => {
    expect(() => zeros([2, 3]).unfold(1, 4, 1)).toThrow('expected a size of 0 … 3 and a positive step for dimension 1');
    expect(() => zeros([2, 3]).unfold(1, 2, 0)).toThrow('got size 2 and step 0');
    expect(() => F.unfold(zeros([1, 1, 2, 2]), 3)).toThrow("a window of [3, 3] doesn't fit into [2, 2]");
    expect(() => F.unfold(zeros([2, 2]), 1)).toThrow('expected [n, c, h, w] or [c, h, w], got [2, 2]');
    expect(() => F.fold(zeros([1, 4, 3]), 3, 2)).toThrow('expected columns [n, c·4, 4], got [1, 4, 3]');
  });

  test('as modules', () => {
    const x = arange(16).to('float32').reshape([1, 1, 4, 4]);
    const columns = new nn.Unfold(2, { stride: 2 })(x);
    expect(columns.shape).toEqual([1, 4, 4]);
    expect(new nn.Fold(4, 2, { stride: 2 })(columns).equal(x)).toBe(true);
    expect(String(new nn.Unfold(2, { stride: 2 }))).toBe('Unfold(kernelSize=2, stride=2)');
  });
});

describe('writes', () => {
  test('x[indices] = values, as a new tensor and in place', () => {
    const x = zeros([2, 3]);
    expect(x.indexPut([ints([0, 1]), ints([2, 0])], tensor([5, 6])).toArray()).toEqual([
      [0, 0, 5],
      [6, 0, 0],
    ]);
    x.indexPut_([x.eq(0)], 1);
    x.indexPut_([1], 7);
    x.indexPut_([null, ints([0, 0])], 1, { accumulate: true });
    expect(x.toArray()).toEqual([
      [3, 1, 1],
      [9, 7, 7],
    ]);
  });

  test('of several writers the last one stays, and alone has the gradient', () => {
    const source = tensor([1, 2, 3], { requiresGrad: true });
    const y = zeros([2]).indexCopy(0, ints([1, 1, 0]), source);
    expect(y.toArray()).toEqual([3, 2]);
    y.mul(tensor([10, 100]))
      .sum()
      .backward();
    expect(source.grad!.toArray()).toEqual([0, 100, 10]);
  });

  test('that do not fit', () => {
    const x = zeros([3]);
    expect(() => x.indexPut([ints([3])], 1)).toThrow('index 3 is outside');
    expect(() => x.indexPut([ints([0, 1])], tensor([1, 2, 3]))).toThrow(
      "indexPut: shapes [3] and [2] can't be broadcast",
    );
    expect(() => x.indexPut([ints([0])], ints([1]))).toThrow('expected values of float32, got int32');
    expect(() => x.indexCopy(0, ints([0]), zeros([2]))).toThrow('expected a source [1], got [2]');
    expect(() => x.maskedScatter(tensor([true, true, false]), tensor([1]))).toThrow(
      'the mask holds in 2 places, expected at least as many elements in the source, got 1',
    );
    expect(() => x.maskedScatter(ints([1, 1, 0]), x)).toThrow('expected a bool mask, got int32');
  });
});

describe('counts', () => {
  test('unique is a tensor, unless more is asked for', () => {
    const x = tensor([3, 1, 3, Number.NaN, Number.NaN]);
    expect(unique(x).toArray()).toEqual([1, 3, Number.NaN, Number.NaN]); // as in PyTorch, no NaN equals another
    expect(x.unique({ sorted: false }).toArray()).toEqual([3, 1, Number.NaN, Number.NaN]);
    const { inverse, counts } = unique(x, { returnInverse: true, returnCounts: true });
    expect([inverse.toArray(), counts.toArray()]).toEqual([
      [1, 0, 1, 2, 3],
      [1, 2, 1, 1],
    ]);
    expect(zeros([0]).unique().shape).toEqual([0]);
  });

  test('mode says where', () => {
    const { values, indices } = tensor([[3, 1, 3, 1, 2]]).mode(1);
    expect([values.toArray(), indices.toArray()]).toEqual([[1], [3]]);
  });

  test('bincount of what cannot be counted', () => {
    expect(() => tensor([1.5]).bincount()).toThrow('expected int32, got float32');
    expect(() => ints([-1]).bincount()).toThrow('expected no negative elements, got -1');
    expect(() => ints([1, 2]).bincount({ weights: tensor([1]) })).toThrow('a weight for each of 2 elements, got [1]');
    expect(ints([]).bincount({ minlength: 2 }).toArray()).toEqual([0, 0]);
  });
});

describe('images at places', () => {
  test('a grid that shows the image as it is', () => {
    const x = arange(6).to('float32').reshape([1, 1, 2, 3]);
    const same = tensor([[[1, 0, 0], [0, 1, 0]]]); // biome-ignore format: a matrix
    for (const alignCorners of [false, true]) {
      const grid = F.affineGrid(same, x.shape, { alignCorners });
      expect(F.gridSample(x, grid, { alignCorners }).allclose(x, { atol: 1e-6 })).toBe(true);
    }
  });

  test('places that are far out or nowhere', () => {
    const x = tensor([[[[1, 2], [3, 4]]]]); // biome-ignore format: an image
    const grid = tensor([[[[1e30, 0], [Number.NaN, Number.NaN]]]]); // biome-ignore format: a grid
    expect(F.gridSample(x, grid, { paddingMode: 'border', mode: 'nearest' }).toFlat()[1]).toBe(1);
    expect(F.gridSample(x, grid, { mode: 'nearest' }).toFlat()[0]).toBe(0);
  });

  test('shapes and modes that cannot be', () => {
    const x = zeros([1, 1, 2, 2]);
    expect(() => F.gridSample(x, zeros([1, 2, 2]))).toThrow("a grid [n, h', w', 2], got [1, 1, 2, 2] and [1, 2, 2]");
    expect(() => F.gridSample(x, zeros([1, 2, 2, 2]), { mode: 'bicubic' as never })).toThrow('got bicubic and zeros');
    expect(() => F.affineGrid(zeros([1, 3, 3]), [1, 1, 2, 2])).toThrow('expected maps [n, 2, 3]');
  });
});

describe('matrices', () => {
  const d = { dtype: 'float64' } as const;

  test('eigenvectors multiply back, a batch at a time', () => {
    const a = tensor([[[2, 1], [1, 2]], [[0, 3], [3, 8]]], d); // biome-ignore format: matrices
    const { eigenvalues, eigenvectors } = linalg.eigh(a);
    expect(eigenvalues.sub(tensor([[1, 3], [-1, 9]], d)).abs().max().item()).toBeLessThan(1e-14); // biome-ignore format: rows
    const back = eigenvectors.matmul(eigenvalues.diagEmbed()).matmul(eigenvectors.transpose(-2, -1));
    expect(back.sub(a).abs().max().item()).toBeLessThan(1e-14);
  });

  test('without full rank: the shortest solution, and the rank', () => {
    const a = tensor([[1, 1], [1, 1], [1, 1]], d); // biome-ignore format: a matrix
    const { solution, residuals, rank, singularValues } = linalg.lstsq(a, tensor([2, 4, 6], d));
    expect(solution.sub(2).abs().max().item()).toBeLessThan(1e-14);
    expect([residuals.shape, rank.item(), singularValues.shape]).toEqual([[0], 1, [2]]);
    expect(() => linalg.lstsq(a, zeros([2], d))).toThrow('expected a right side of 3 rows for [3, 2], got [2]');
  });
});

describe('lists of parameters', () => {
  class Mixture extends nn.Module {
    weights = new nn.ParameterList([1, 2, 3].map((n) => zeros([n])));
    named = new nn.ParameterDict({ left: zeros([2]) });
    override forward(x: Tensor): Tensor {
      return [...this.weights].reduce((sum, weight) => sum.add(weight.sum()), x);
    }
  }

  test('belong to their owner', () => {
    const model = new Mixture();
    expect(Object.keys(model.stateDict())).toEqual(['weights.0', 'weights.1', 'weights.2', 'named.left']);
    expect([model.weights.length, model.weights.at(-1)!.shape, model.named.get('left')!.shape]).toEqual([3, [3], [2]]);
    model(zeros([])).backward();
    expect(model.weights.at(1)!.grad!.toArray()).toEqual([1, 1]);
    model.weights.append(new nn.Parameter(zeros([4])));
    expect(model.parameters().length).toBe(5);
    expect(String(model.weights)).toBe('ParameterList(0: [1], 1: [2], 2: [3], 3: [4])');
    expect(() => model.weights.append(3 as never)).toThrow('ParameterList: entry 4 is not a tensor but number');
  });
});

describe('a stream of samples', () => {
  class Countdown extends data.IterableDataset {
    override *[Symbol.iterator](): Generator<Tensor[]> {
      for (let i = 5; i > 0; i--) yield [tensor([i]), ints([i])];
    }
  }

  test('comes in batches, as often as it is walked', () => {
    const loader = new data.DataLoader(new Countdown(), { batchSize: 2, transform: (x) => x.mul(10) });
    const batches = [...loader].map(([x, y]) => [x.toArray(), y.toArray()]);
    expect(batches).toEqual([
      [
        [[50], [40]],
        [[5], [4]],
      ],
      [
        [[30], [20]],
        [[3], [2]],
      ],
      [[[10]], [[1]]],
    ]);
    expect([...loader].length).toBe(3);
    expect([...new data.DataLoader(new Countdown(), { batchSize: 2, dropLast: true })].length).toBe(2);
    const collate = (samples: Tensor[][]) => [tensor(samples.length)];
    expect([...new data.DataLoader(new Countdown(), { batchSize: 4, collate })].map(([n]) => n.item())).toEqual([4, 1]);
  });

  test('has no length and no order to change', () => {
    expect(() => new data.DataLoader(new Countdown()).length).toThrow('an IterableDataset has no length');
    expect(() => new data.DataLoader(new Countdown(), { shuffle: true })).toThrow(
      'expected neither shuffle nor a sampler',
    );
  });
});
