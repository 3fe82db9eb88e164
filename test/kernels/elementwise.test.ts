import { expect, test } from 'vitest';
import { reference } from '../../engine/kernels/reference/reference.ts';
import { BINARY, UNARY } from '../../engine/kernels/wasm/exports.ts';
import { contiguousStrides, type Layout, sizeOf } from '../../engine/tensor/shape.ts';
import { everyBuild } from './everyBuild.ts';
import { LENGTHS, numbers, orders, reach, rowMajor } from './numbers.ts';

/** Where functions change their formula, overflow, or are not defined. */
const SPECIAL = [
  0, -0, 1, -1, 0.5, 0.625, -0.625, 2, 1e-30, -1e-30, 1e-42, 20, -20, 88, 89, -88, -104, 1e4, -1e4, 3e38,
];
const NON_FINITE = [NaN, Infinity, -Infinity];

/** Units in the last place of float32 between `got` and the exact value; 0 where both overflow, are NaN, or almost 0. */
function ulps(got: number, exact: number): number {
  if (Number.isNaN(exact) || Number.isNaN(got)) return Number.isNaN(exact) && Number.isNaN(got) ? 0 : Infinity;
  const rounded = Math.fround(exact);
  if (got === rounded) return 0;
  if (!Number.isFinite(rounded) || !Number.isFinite(got)) return Infinity;
  // subnormal results may be rounded to 0
  const unit = 2 ** Math.max(Math.floor(Math.log2(Math.abs(exact))) - 23, -126);
  return Math.abs(got - exact) / unit;
}

/** What is promised of each function's accuracy, in units in the last place; others are rounded correctly. */
const ULPS: Partial<Record<string, number>> = {
  exp: 2,
  log: 2,
  tanh: 3,
  sigmoid: 4,
  erf: 4,
  gelu: 32,
  silu: 5,
  logSigmoid: 4,
  rsqrt: 2,
};

/** A shape, and two layouts that broadcast to it: whole rows, short rows, repeated ones, strides, offsets. */
const BROADCAST: [shape: number[], x: Layout, y: Layout][] = [
  ...LENGTHS.flatMap((n): [number[], Layout, Layout][] => [
    [[n + 16], rowMajor([n + 16]), rowMajor([n + 16], 3)],
    [[n + 16], rowMajor([n + 16], 1), rowMajor([])],
    [[3, n + 16], rowMajor([3, 1]), rowMajor([n + 16], 2)],
  ]),
  [[20, 3], rowMajor([20, 3]), rowMajor([3])],
  [[20, 17], rowMajor([20, 17]), rowMajor([20, 1])],
  [[4, 5, 7], rowMajor([4, 5, 7], 5), rowMajor([5, 1])],
  [[2, 3, 8, 9], rowMajor([2, 3, 8, 9]), rowMajor([3, 1, 1])],
  [[2, 3, 8, 9], rowMajor([2, 1, 8, 1]), rowMajor([3, 1, 9])],
  [[6, 20], { shape: [6, 20], strides: [1, 6], offset: 0 }, rowMajor([6, 20])],
  [[6, 20], { shape: [6, 20], strides: [1, 6], offset: 2 }, { shape: [6, 20], strides: [40, 2], offset: 1 }],
  // more loops than a kernel nests
  [[2, 3, 2, 3, 4], rowMajor([2, 1, 2, 1, 4]), rowMajor([1, 3, 1, 3, 1])],
];

/** Absolute errors of functions whose terms cancel, for operands below 6. */
const LOOSE: Partial<Record<string, number>> = { geluBackward: 6e-6, siluBackward: 6e-6, logitLoss: 6e-6 };

everyBuild(({ choice, filled, heap, kernels, wide }) => {
  test('are the compiled ones', () => {
    expect(kernels.matmul).not.toBe(reference.matmul);
    if (choice === 'wide') expect(wide).toBe(true);
    else expect(wide).toBe(false);
  });

  test.each(UNARY.map((name) => name.replace('Of', '')))('%s', (name) => {
    const [fast, slow] = [kernels.unary, reference.unary] as unknown as Record<
      string,
      (x: Float32Array | Float64Array, out: Float32Array | Float64Array) => void
    >[];
    let worst = 0;
    for (const length of [...LENGTHS, 0]) {
      const values = length === 0 ? [...SPECIAL, ...NON_FINITE] : [...numbers(length)];
      const x = heap.allocate('float32', Math.max(values.length, 32), false) as Float32Array;
      x.set(values);
      const out = heap.allocate('float32', x.length, true) as Float32Array;
      const exact = new Float64Array(x.length);
      slow[name](Float64Array.from(x), exact);
      fast[name](x, out);
      for (let i = 0; i < values.length; i++) {
        const error = ulps(out[i], exact[i]);
        worst = Math.max(worst, error);
        if (error > (ULPS[name] ?? 1)) expect.fail(`${name}(${x[i]}) = ${out[i]}, expected ${exact[i]} (${error} ulp)`);
      }
    }
    expect(worst).toBeLessThanOrEqual(ULPS[name] ?? 1);
  });

  test.each([...BINARY, 'gt', 'ge'] as const)('%s, broadcast in every way', (name) => {
    const bool = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'].includes(name);
    for (const [shape, x, y] of BROADCAST) {
      const size = sizeOf(shape);
      const [a, b] = [filled('float32', reach(x), 2), filled('float32', reach(y), 3)];
      // equal elements, and those that compare with nothing
      for (let i = 0; i < a.length; i += 3) a[i] = b[i % b.length];
      a[1] = 0;
      b[b.length - 1] = NaN;
      a[a.length - 2] = Infinity;
      const out = heap.allocate(bool ? 'bool' : 'float32', size + 80, false);
      const expected = out.slice();
      // what lies behind the result must stay as it is
      kernels.zip(name, a, x, b, y, out.subarray(0, size), shape);
      reference.zip(name, a, x, b, y, expected.subarray(0, size), shape);
      for (let i = 0; i < out.length; i++) {
        // up to three roundings; elementary functions are as exact as they say above, and differences of theirs less
        const near = Math.abs(out[i] - expected[i]) <= (LOOSE[name] ?? 0);
        if (!near && ulps(out[i], expected[i]) > (bool ? 0 : 3))
          expect.fail(`${name} over [${shape}] at ${i}: ${out[i]}, not ${expected[i]}`);
      }
    }
  });

  test('where, broadcast in every way', () => {
    for (const [shape, x, y] of BROADCAST) {
      for (const condition of [x, y]) {
        const size = sizeOf(shape);
        const c = heap.allocate('bool', reach(condition) + 64, false);
        for (let i = 0; i < c.length; i++) c[i] = (i * 7) % 3 === 0 ? 1 : 0;
        const [a, b] = [filled('float32', reach(x), 2), filled('float32', reach(y), 3)];
        const out = heap.allocate('float32', size + 20, false);
        const expected = out.slice();
        kernels.where(c, condition, a, x, b, y, out.subarray(0, size), shape);
        reference.where(c, condition, a, x, b, y, expected.subarray(0, size), shape);
        expect(out).toEqual(expected);
      }
    }
  });

  test.each(['float32', 'int32', 'bool', 'float64'] as const)('strided copies of %s, both ways', (dtype) => {
    for (const shape of [[7], [16, 16], [5, 9], [64, 70], [3, 17, 19], [2, 3, 4, 5], [1, 8, 1, 33], [300, 9]]) {
      for (const order of orders(shape.length)) {
        const whole = contiguousStrides(shape.map((n) => n + 1));
        const layout = { shape: order.map((d) => shape[d]), strides: order.map((d) => whole[d]), offset: 3 };
        const data = filled(dtype, reach(layout) + 3, 4);
        const size = sizeOf(shape);
        const out = heap.allocate(dtype, size + 20, false);
        const expected = out.slice();
        kernels.gather(data, layout, out.subarray(0, size));
        reference.gather(data, layout, expected.subarray(0, size));
        expect(out).toEqual(expected);
        const there = heap.allocate(dtype, data.length, false);
        const expectedThere = there.slice();
        kernels.scatter(out.subarray(0, size), there, layout);
        reference.scatter(expected.subarray(0, size), expectedThere, layout);
        expect(there).toEqual(expectedThere);
      }
    }
  });
});
