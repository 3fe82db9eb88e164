// What a hand that knows PyTorch, or JavaScript, writes without looking it up.
import { describe, expect, test } from 'vitest';
import {
  arange,
  autograd,
  bernoulli,
  cat,
  clamp,
  einsum,
  eye,
  full,
  max,
  nn,
  rand,
  stack,
  type Tensor,
  tensor,
  zeros,
} from '../../engine/index.ts';

const x = arange(6).float().reshape(2, 3);

describe('as in PyTorch', () => {
  test('sizes one after the other, or as an array', () => {
    expect(x.reshape(3, 2).equal(x.reshape([3, 2]))).toBe(true);
    expect([x.view(-1).shape, x.permute(1, 0).shape, x.expand(2, 2, 3).shape]).toEqual([[6], [3, 2], [2, 2, 3]]);
    expect([x.repeat(2, 1).shape, x.tile(2).shape, zeros([1, 2, 1]).squeeze([0, 2]).shape]).toEqual([
      [4, 3],
      [2, 6],
      [2],
    ]);
    expect(tensor(1).reshape([]).shape).toEqual([]);
  });

  test('T, mT, ndim, size', () => {
    expect([x.T.shape, x.mT.shape, zeros([2, 3, 4]).T.shape]).toEqual([
      [3, 2],
      [3, 2],
      [4, 3, 2],
    ]);
    expect([x.ndim, x.size(), x.size(-1)]).toEqual([2, [2, 3], 3]);
  });

  test('element types by name', () => {
    expect([x.int(), x.long(), x.double(), x.bool(), x.float()].map((t) => t.dtype)).toEqual([
      'int32',
      'int32',
      'float64',
      'bool',
      'float32',
    ]);
    expect(eye(2, { dtype: 'float64' }).dtype).toBe('float64');
    expect(full([1], true).dtype).toBe('bool');
    expect([new Float64Array(1), new Int32Array(1), new Float32Array(1)].map((values) => tensor(values).dtype)).toEqual(
      ['float64', 'int32', 'float32'],
    );
  });

  test('alpha, rounding modes, limits, unbiased', () => {
    expect(x.add(x, { alpha: 2 }).equal(x.mul(3))).toBe(true);
    expect(zeros([1]).sub_(1, { alpha: 3 }).item()).toBe(-3);
    const whole = tensor([-7, 7]).int();
    expect([whole.floorDivide(2), whole.div(2, { roundingMode: 'trunc' })].map((t) => [t.dtype, t.toArray()])).toEqual([
      ['int32', [-4, 3]],
      ['int32', [-3, 3]],
    ]);
    expect(arange(16777217, 16777218).floorDivide(1).item()).toBe(16777217);
    expect(clamp(x, 1, 2).toFlat()).toEqual(new Float32Array([1, 1, 2, 2, 2, 2]));
    expect(x.var(1, { unbiased: false }).equal(x.var(1, { correction: 0 }))).toBe(true);
    expect(max(x, x.neg()).equal(x)).toBe(true);
    expect(einsum('ij,kj->ik', [x, x]).equal(x.matmul(x.T))).toBe(true);
  });

  test('limits that are tensors have a gradient', () => {
    const [value, low] = [tensor([1, 5], { requiresGrad: true }), tensor([3, 3], { requiresGrad: true })];
    value.clamp({ min: low, max: 4 }).sum().backward();
    expect([value.grad!.toArray(), low.grad!.toArray()]).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  test('backward({ retainGraph }), handle.remove(), gradcheck of one tensor', () => {
    const w = tensor([2], { requiresGrad: true, dtype: 'float64' });
    const handle = w.registerHook((g) => g.mul(10));
    const loss = w.square().sum();
    loss.backward({ retainGraph: true });
    handle.remove();
    loss.backward();
    expect(w.grad!.item()).toBe(44);
    expect(autograd.gradcheck((t: Tensor) => t.exp(), w)).toEqual([]);
    const row = tensor([[1], [2]], { dtype: 'float64', requiresGrad: true })
      .detach()
      .select(0, 1)
      .requiresGrad_();
    expect(autograd.gradcheck((t: Tensor) => t.exp(), row)).toEqual([]); // a view that starts inside its memory
  });

  test('a state dict that fits in part', () => {
    const layer = new nn.Linear(2, 1);
    const report = layer.loadStateDict({ bias: tensor([7]), other: zeros([1]) }, { strict: false });
    expect(report).toEqual({ missingKeys: ['weight'], unexpectedKeys: ['other'] });
    expect(layer.bias!.item()).toBe(7);
  });
});

describe('what would be silently wrong', () => {
  const columns = tensor(new Int32Array([0, 2])).reshape(2, 1);

  test('a source larger than the index gives its first elements, a smaller one is refused', () => {
    const ones = full([2, 3], 1);
    const want = [
      [1, 0, 0],
      [0, 0, 1],
    ];
    expect(zeros([2, 3]).scatter(1, columns, ones).toArray()).toEqual(want);
    expect(zeros([2, 3]).scatterAdd(1, columns, ones).toArray()).toEqual(want);
    const message = 'got an index [2, 1], a source [1, 1] and a tensor [2, 3]';
    expect(() => zeros([2, 3]).scatter(1, columns, full([1, 1], 1))).toThrow(message);
    expect(() => zeros([2, 3]).scatterAdd(1, columns, full([1, 1], 1))).toThrow(message);
    expect(() => zeros([2, 3]).scatterAdd(1, columns, columns)).toThrow('expected a source of float32, got int32');
    expect(() => zeros([2, 3]).indexAdd(0, tensor(new Int32Array([0])), ones)).toThrow(
      'expected a source [1, 3], got [2, 3]',
    );
  });

  test('numbers that are none of the kind', () => {
    expect(() => arange(3).remainder(0)).toThrow("expected a divisor of integers that isn't 0");
    expect(() => arange(3).floorDivide(0)).toThrow("div: expected a divisor of integers that isn't 0");
    expect(() => zeros([-1])).toThrow('Sizes are whole numbers from 0 on, got -1 in [-1]');
    expect(() => rand([1], { dtype: 'int32' })).toThrow('rand: expected float32 or float64, got int32');
    expect(() => bernoulli(tensor([2]))).toThrow('expected probabilities in [0, 1], got 2');
    expect(() => zeros([3]).expand(-1, 3)).toThrow('new dimensions have none');
    expect(() => x.index([0, 1] as never)).toThrow('got an array. Make it a tensor');
    expect(() => stack([x, zeros([2])])).toThrow('stack: expected tensors of one shape, got [2, 3] and [2]');
    expect(() => cat(x as never)).toThrow('expected a list of tensors: cat([a, b])');
  });

  test('a list that starts empty grows; several dimensions at once', () => {
    expect(cat([tensor([]), x, x]).shape).toEqual([4, 3]);
    expect(x.flip(0, 1).toFlat()).toEqual(new Float32Array([5, 4, 3, 2, 1, 0]));
    expect(x.logsumexp([0, 1]).item()).toBeCloseTo(x.exp().sum().log().item(), 5);
    expect(x.logsumexp([0, 1], { keepdim: true }).shape).toEqual([1, 1]);
  });
});

describe('as in JavaScript', () => {
  test('walks, compares, writes', () => {
    expect([...x].map((row) => row.toArray())).toEqual(x.toArray());
    const loss: unknown = tensor([0.05]);
    expect((loss as number) < 0.1).toBe(true);
    expect(Number(tensor(3))).toBe(3);
    expect(`${tensor(3)}`).toBe('tensor(3.)');
    expect(JSON.stringify({ loss: tensor(3), x })).toBe('{"loss":3,"x":[[0,1,2],[3,4,5]]}');
    expect(() => [...tensor(1)]).toThrow('the tensor has no dimensions');
  });

  test('values that are none', () => {
    expect(() => tensor('1' as never)).toThrow('expected numbers, booleans or arrays of them, got string');
    expect(() => tensor([x.sum()] as never)).toThrow('got a tensor. Join tensors with stack()');
    expect(() => x.split(0)).toThrow('at least one element, got 0');
    expect(() => x.chunk(0)).toThrow('a positive number of pieces, got 0');
    expect(() => arange(3).pow(-1)).toThrow('int32 has no negative powers');
  });
});
