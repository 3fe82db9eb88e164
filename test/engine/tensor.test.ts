import { describe, expect, test } from 'vitest';
import { arange, cat, eye, linspace, noGrad, ShapeError, stack, tensor, zeros } from '../../engine/index.ts';

describe('creation', () => {
  test('the shape is that of the nesting', () => {
    expect(tensor(3).shape).toEqual([]);
    expect(tensor([[1, 2, 3]]).shape).toEqual([1, 3]);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([true, false]).dtype).toBe('bool');
    expect(tensor([1, 2]).dtype).toBe('float32');
  });

  test('ragged arrays are refused', () => {
    expect(() => tensor([[1, 2], [3]])).toThrow(ShapeError);
    expect(() => tensor([1, [2]])).toThrow(/ragged/);
  });

  test('ranges', () => {
    expect(arange(3).toArray()).toEqual([0, 1, 2]);
    expect(arange(3).dtype).toBe('int32');
    expect(arange(1, 2, 0.25).toArray()).toEqual([1, 1.25, 1.5, 1.75]);
    expect(arange(5, 0, -2).toArray()).toEqual([5, 3, 1]);
    expect(linspace(0, 1, 5).toArray()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(eye(2).toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test('joining', () => {
    const [a, b] = [tensor([[1, 2]]), tensor([[3, 4]])];
    expect(cat([a, b]).shape).toEqual([2, 2]);
    expect(cat([a, b], 1).toArray()).toEqual([[1, 2, 3, 4]]);
    expect(stack([a, b], 1).shape).toEqual([1, 2, 2]);
    expect(() => cat([a, tensor([[1, 2, 3]])])).toThrow('cat: shapes must be equal except in dimension 0');
  });
});

describe('element types', () => {
  const [i, f, b] = [tensor([1, 2], { dtype: 'int32' }), tensor([0.5, 1.5]), tensor([true, false])];

  test('promotion', () => {
    expect(i.add(f).dtype).toBe('float32');
    expect(i.add(1).dtype).toBe('int32');
    expect(i.add(0.5).dtype).toBe('float32');
    expect(b.add(i).dtype).toBe('int32');
    expect(i.div(2).toArray()).toEqual([0.5, 1]);
    expect(i.lt(2).dtype).toBe('bool');
    expect(f.add(tensor(1, { dtype: 'float64' })).dtype).toBe('float32'); // no dimensions: only the kind counts
    expect(f.add(tensor([1, 1], { dtype: 'float64' })).dtype).toBe('float64');
  });

  test('conversion', () => {
    expect(tensor([-1.7, 1.7]).to('int32').toArray()).toEqual([-1, 1]);
    expect(tensor([0, 0.5]).to('bool').toArray()).toEqual([0, 1]);
  });

  test('bools are counted, integers have no mean', () => {
    expect(tensor([true, true, false]).sum().item()).toBe(2);
    expect(() => i.mean()).toThrow("x.to('float32').mean()");
  });
});

describe('broadcasting', () => {
  test('aligned at the last dimension', () => {
    const sum = tensor([[1], [2]]).add(tensor([10, 20, 30]));
    expect(sum.toArray()).toEqual([
      [11, 21, 31],
      [12, 22, 32],
    ]);
    expect(zeros([4, 1, 3]).mul(zeros([2, 1])).shape).toEqual([4, 2, 3]);
    expect(zeros([0, 3]).add(1).shape).toEqual([0, 3]);
  });

  test('a mismatch names operation and shapes', () => {
    expect(() => zeros([2, 3]).mul(zeros([4]))).toThrow(
      "mul: shapes [2, 3] and [4] can't be broadcast together: counted from the end, dimension 1 is 3 on the left and 4 on the right.",
    );
    expect(() => zeros([2, 3]).matmul(zeros([2, 3]))).toThrow('the left has 3 columns, the right 2 rows');
  });
});

describe('views', () => {
  test('alias their base, both ways', () => {
    const base = zeros([2, 3]);
    const column = base.t().select(0, 1);
    noGrad(() => column.fill_(7));
    expect(base.toArray()).toEqual([
      [0, 7, 0],
      [0, 7, 0],
    ]);
    base.add_(1);
    expect(column.toArray()).toEqual([8, 8]);
    expect(base.reshape([6]).storage).toBe(base.storage);
    expect(base.t().reshape([6]).storage).not.toBe(base.storage);
  });

  test('of strided memory', () => {
    const x = arange(24).reshape([2, 3, 4]);
    expect(x.permute([2, 0, 1]).slice(0, 1, 4, 2).at(1, 0).toArray()).toEqual([3, 7, 11]);
    expect(x.slice(2, -3, -1).select(1, -1).toArray()).toEqual([
      [9, 10],
      [21, 22],
    ]);
    expect(() => x.transpose(0, 1).view([24])).toThrow('Use reshape(), which copies when it must');
    expect(x.unsqueeze(1).transpose(2, 3).squeeze(1).shape).toEqual([2, 4, 3]);
  });

  test('shapes that cannot be', () => {
    const x = zeros([2, 3]);
    expect(() => x.reshape([4, -1])).toThrow("6 elements don't fit the shape [4, -1]");
    expect(() => x.select(2, 0)).toThrow('there is no dimension 2; expected -2 … 1');
    expect(() => x.select(0, 2)).toThrow('index 2 is outside dimension 0, which has 2 elements');
    expect(() => x.expand([2, 4])).toThrow(ShapeError);
    expect(() => x.item()).toThrow('expected one element, got shape [2, 3]');
  });
});

describe('reductions and order', () => {
  const x = tensor([
    [3, 1, 2],
    [-1, 5, 5],
  ]);

  test('along dimensions', () => {
    expect(x.sum(1).toArray()).toEqual([6, 9]);
    expect(x.mean([0, 1], { keepdim: true }).toArray()).toEqual([[2.5]]);
    expect(x.var(1).toArray()).toEqual([1, 12]);
    expect(x.max(1).indices.toArray()).toEqual([0, 1]); // the first of equals
    expect(x.min().item()).toBe(-1);
    expect(x.any(0).toArray()).toEqual([1, 1, 1]);
    expect(x.gt(0).all(1).toArray()).toEqual([1, 0]);
  });

  test('NaN wins', () => {
    const y = tensor([1, Number.NaN, 3]);
    expect([y.max().item(), y.min().item(), y.argmax().item()]).toEqual([Number.NaN, Number.NaN, 1]);
  });

  test('sort, topk, cumsum, flip, roll', () => {
    expect(x.sort(1).values.at(0).toArray()).toEqual([1, 2, 3]);
    expect(x.topk(2).indices.toArray()).toEqual([
      [0, 2],
      [1, 2],
    ]);
    expect(x.cumsum(1).at(1).toArray()).toEqual([-1, 4, 9]);
    expect(x.flip(1).at(0).toArray()).toEqual([2, 1, 3]);
    expect(x.roll(1, 1).at(0).toArray()).toEqual([2, 3, 1]);
  });

  test('picking', () => {
    expect(x.maskedSelect(x.gt(2)).toArray()).toEqual([3, 5, 5]);
    expect(x.eq(5).nonzero().toArray()).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(x.gt(2).where(x, 0).toArray()).toEqual([
      [3, 0, 0],
      [0, 5, 5],
    ]);
    expect(() => x.indexSelect(0, tensor([5], { dtype: 'int32' }))).toThrow('index 5 is outside 0 … 1');
  });
});

test('prints like PyTorch', () => {
  expect(
    String(
      tensor([
        [1, 2.5],
        [-3, 0],
      ]),
    ),
  ).toBe('tensor([[ 1.0000,  2.5000],\n        [-3.0000,  0.0000]])');
  expect(String(tensor([1, 2]))).toBe('tensor([1., 2.])');
  expect(String(tensor(7, { dtype: 'int32' }))).toBe('tensor(7, dtype=int32)');
  expect(String(tensor([1], { requiresGrad: true }).mul(2))).toBe('tensor([2.], from=mul)');
  expect(String(zeros([2000]))).toBe('tensor([0., 0., 0., ..., 0., 0., 0.])');
});
