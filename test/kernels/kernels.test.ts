import { describe, expect, test } from 'vitest';
import { installKernels, type KernelChoice } from '../../engine/host/kernels.ts';
import { reference } from '../../engine/kernels/reference/reference.ts';
import type { Row } from '../../engine/kernels/reference/statistics.ts';
import { BINARY, UNARY } from '../../engine/kernels/wasm/exports.ts';
import { RECURRENT } from '../../engine/kernels/wasm/recurrent.ts';
import type { DType, Numbers } from '../../engine/tensor/dtype.ts';
import { contiguousStrides, type Layout, sizeOf } from '../../engine/tensor/shape.ts';

/** Each build alone, and one of them shared out among threads, however little there is to do. */
const chosen: [choice: KernelChoice, threads: number][] = [
  ['wide', 1],
  ['narrow', 1],
  ['plain', 1],
  ['wide', 3],
];

/** Whole vectors, rests of each length, and one that is longer than every inner block. */
const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 63, 64, 65, 130, 1027];
/** Where functions change their formula, overflow, or are not defined. */
const SPECIAL = [
  0, -0, 1, -1, 0.5, 0.625, -0.625, 2, 1e-30, -1e-30, 1e-42, 20, -20, 88, 89, -88, -104, 1e4, -1e4, 3e38,
];
const NON_FINITE = [NaN, Infinity, -Infinity];

/** Numbers in [−6, 6) that repeat from run to run. */
function numbers(length: number, seed = 1): Float32Array {
  const out = new Float32Array(length);
  let state = seed * 2654435761;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[i] = (state / 2 ** 32) * 12 - 6;
  }
  return out;
}

function rowMajor(shape: number[], offset = 0): Layout {
  return { shape, strides: contiguousStrides(shape), offset };
}

/** How many elements an array must have for a layout. */
const reach = ({ shape, strides, offset }: Layout): number =>
  shape.reduce((last, n, d) => last + (n - 1) * strides[d], offset) + 1;

/** All orders of n dimensions. */
const orders = (n: number): number[][] =>
  n === 0 ? [[]] : orders(n - 1).flatMap((rest) => Array.from({ length: n }, (_, at) => rest.toSpliced(at, 0, n - 1)));

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

describe.each(chosen)('kernels: %s, threads: %i', (choice, threads) => {
  const installed = installKernels(choice, { threads, leastWork: 1e-3 });
  const { heap, kernels } = installed!;

  /** An array in the heap, or a small one outside. */
  function filled(dtype: DType, length: number, seed: number): Numbers {
    const out = heap.allocate(dtype, length, false);
    for (const [i, v] of numbers(length, seed).entries()) out[i] = dtype === 'bool' ? Number(v > 0) : v;
    return out;
  }

  test('are the compiled ones', () => {
    expect(kernels.matmul).not.toBe(reference.matmul);
    if (choice === 'wide') expect(installed!.wide).toBe(true);
    else expect(installed!.wide).toBe(false);
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

  test('matmul, in whole and partial tiles, in every order of the operands, accumulated or not', () => {
    const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 31, 33, 97];
    let turn = 0;
    for (const m of sizes) {
      for (const n of sizes) {
        const k = [1, 2, 3, 8, 37, 64, 300][turn++ % 7];
        for (const order of [0, 1, 2, 3]) {
          const a = heap.allocate('float32', m * k + 32, true) as Float32Array;
          const b = heap.allocate('float32', k * n + 32, true) as Float32Array;
          a.set(numbers(a.length, 4));
          b.set(numbers(b.length, 5));
          const left = { data: a, start: 7, rowStride: order & 1 ? 1 : k, columnStride: order & 1 ? m : 1 };
          const right = { data: b, start: 3, rowStride: order & 2 ? 1 : n, columnStride: order & 2 ? k : 1 };
          const out = heap.allocate('float32', m * n + 32, false) as Float32Array;
          const expected = new Float32Array(m * n + 32).fill(2);
          out.fill(2);
          const accumulate = turn % 2 === 0;
          kernels.matmul(left, right, out, 5, m, k, n, accumulate);
          reference.matmul(left, right, expected, 5, m, k, n, accumulate);
          for (let i = 0; i < out.length; i++) {
            // k products of at most 36, each rounded
            if (!(Math.abs(out[i] - expected[i]) <= 36 * k * 2 ** -23)) {
              expect.fail(`[${m}, ${k}]·[${k}, ${n}], order ${order}, at ${i}: ${out[i]}, not ${expected[i]}`);
            }
          }
        }
      }
    }
  });

  test('matmul of operands that lie elsewhere', () => {
    const [m, k, n] = [20, 30, 25];
    const a = { data: Float32Array.from(numbers(m * k, 4)), start: 0, rowStride: k, columnStride: 1 };
    const b = { data: Float32Array.from(numbers(k * n, 5)), start: 0, rowStride: n, columnStride: 1 };
    const [out, expected] = [new Float32Array(m * n), new Float32Array(m * n)];
    kernels.matmul(a, b, out, 0, m, k, n, false);
    reference.matmul(a, b, expected, 0, m, k, n, false);
    expect(Math.max(...out.map((v, i) => Math.abs(v - expected[i])))).toBeLessThan(1e-3);
  });

  test('softmax and its logarithm', () => {
    for (const length of LENGTHS) {
      for (const log of [false, true]) {
        const x = heap.allocate('float32', 3 * length + 32, true) as Float32Array;
        x.set(numbers(x.length, 6));
        x[0] = 1000;
        const out = heap.allocate('float32', x.length, false) as Float32Array;
        const exact = new Float64Array(x.length);
        kernels.softmax(x, out, 3, length, 1, log);
        reference.softmax(Float64Array.from(x), exact, 3, length, 1, log);
        for (let i = 0; i < 3 * length; i++) {
          expect(Math.abs(out[i] - exact[i])).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(exact[i])));
        }
      }
    }
  });

  test.each(['sum', 'sumOfSquares'] as const)('%s along any dimensions, in float64', (name) => {
    for (const shape of [
      ...LENGTHS.map((n) => [n + 16]),
      [3, 40],
      [40, 3],
      [33, 17],
      [5, 6, 7],
      [2, 3, 4, 9],
      [4, 1, 20],
    ]) {
      for (let reduced = 0; reduced < 2 ** shape.length; reduced++) {
        const kept = shape.map((n, d) => (reduced & (1 << d) ? 1 : n));
        const strides = contiguousStrides(kept).map((stride, d) => (reduced & (1 << d) ? 0 : stride));
        const x = filled('float32', sizeOf(shape), 7);
        const out = heap.allocate('float64', sizeOf(kept), false) as Float64Array;
        const expected = new Float64Array(sizeOf(kept));
        kernels.fold(name, x, shape, out, strides);
        reference.fold(name, x, shape, expected, strides);
        // stretches of 64 in float32
        for (let i = 0; i < out.length; i++) {
          if (!(Math.abs(out[i] - expected[i]) <= x.length * 2e-5))
            expect.fail(`[${shape}] to [${kept}] at ${i}: ${out[i]}, not ${expected[i]}`);
        }
      }
    }
  });

  test('standardize', () => {
    for (const length of [16, 17, 63, 130]) {
      const x = heap.allocate('float32', 20 * length, true) as Float32Array;
      x.set(numbers(x.length, 8));
      const out = heap.allocate('float32', x.length, true) as Float32Array;
      const inverse = heap.allocate('float32', 20, true) as Float32Array;
      const [exact, exactInverse] = [new Float64Array(x.length), new Float64Array(20)];
      kernels.standardize(x, out, inverse, length, 1e-5);
      reference.standardize(Float64Array.from(x), exact, exactInverse, length, 1e-5);
      for (let i = 0; i < x.length; i++) expect(Math.abs(out[i] - exact[i])).toBeLessThan(5e-6);
      for (let i = 0; i < 20; i++) expect(Math.abs(inverse[i] - exactInverse[i])).toBeLessThan(1e-6);
    }
  });

  test('layer normalization and its rule', () => {
    for (const length of LENGTHS) {
      for (const rows of [20, 64, 150]) {
        const [x, g, out, dx] = [18, 19, 20, 21].map((seed) => filled('float32', rows * length + 32, seed));
        const [weight, bias] = [22, 23].map((seed) =>
          filled('float32', Math.max(length, 32), seed).subarray(0, length),
        );
        const blocks = Math.ceil(rows / 64);
        const [stats, parts] = [2 * rows, blocks * 2 * length + 32].map((size) => filled('float32', size, 24));
        x[length] = NaN;
        const exact = [out, dx, stats, parts].map((array) => Float64Array.from(array));
        const whole = (array: Numbers) => array.subarray(7, 7 + rows * length);
        const sums = (array: Numbers) => array.subarray(0, blocks * 2 * length);
        const slopes = [whole(g), whole(x), weight] as const;
        kernels.layerNorm(whole(x), weight, bias, whole(out), stats, length, 1e-2);
        kernels.layerNormBackward(...slopes, stats, whole(dx), sums(parts), length);
        const [exactOut, exactDx, exactStats, exactParts] = exact;
        reference.layerNorm(whole(x), weight, bias, whole(exactOut), exactStats, length, 1e-2);
        reference.layerNormBackward(...slopes, exactStats, whole(exactDx), sums(exactParts), length);
        for (const [i, array] of [out, dx, stats, parts].entries()) {
          for (const [k, v] of exact[i].entries()) {
            const near = Math.abs(array[k] - v) <= 2e-4 * Math.max(1, Math.abs(v));
            if (!near && !(Number.isNaN(array[k]) && Number.isNaN(v)))
              expect.fail(
                `${rows} rows of ${length}, ${['out', 'dx', 'stats', 'parts'][i]} at ${k}: ${array[k]}, not ${v}`,
              );
          }
        }
      }
    }
  });

  test.each([false, true])('the rule of softmax, of its logarithm: %s', (log) => {
    for (const length of LENGTHS) {
      const g = filled('float32', 30 * length, 11);
      const y = heap.allocate('float32', g.length, true);
      reference.softmax(filled('float32', g.length, 12), y, 30, length, 1, log);
      const out = heap.allocate('float32', g.length + 16, false);
      const exact = new Float64Array(g.length);
      kernels.softmaxBackward(g, y, out, 30, length, 1, log);
      reference.softmaxBackward(g, y, exact, 30, length, 1, log);
      for (let i = 0; i < exact.length; i++) expect(Math.abs(out[i] - exact[i])).toBeLessThanOrEqual(2e-5);
      expect([...out.subarray(g.length)]).toEqual(new Array(16).fill(0));
    }
  });

  test('the rule of standardize', () => {
    for (const [rows, length] of [
      [20, 17],
      [3, 64],
      [40, 5],
      [17, 130],
    ]) {
      const [g, y] = [filled('float32', rows * length, 13), filled('float32', rows * length, 14)];
      const inverse = filled('float32', rows, 15);
      const out = heap.allocate('float32', g.length, true);
      const exact = new Float64Array(g.length);
      kernels.standardizeBackward(g, y, inverse, out, length);
      reference.standardizeBackward(g, y, inverse, exact, length);
      // |s·y·mean(g·y)| is up to 6⁴
      for (let i = 0; i < out.length; i++) expect(Math.abs(out[i] - exact[i])).toBeLessThan(1e-3);
    }
  });

  test('cross-entropy and its rule, with classes that do not count', () => {
    for (const length of LENGTHS) {
      const rows = 33;
      const x = filled('float32', rows * length, 16);
      x[0] = 1000;
      const index = heap.allocate('int32', rows, false);
      for (let i = 0; i < rows; i++) index[i] = i % 5 === 4 ? -100 : (i * 7) % length;
      const g = filled('float32', rows, 17);
      const [losses, exact] = [heap.allocate('float32', rows, true), new Float64Array(rows)];
      kernels.crossEntropy(x, index, losses, rows, length, 1, -100);
      reference.crossEntropy(x, index, exact, rows, length, 1, -100);
      for (let i = 0; i < rows; i++) {
        expect(Math.abs(losses[i] - exact[i])).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(exact[i])));
      }
      const [out, expected] = [heap.allocate('float32', x.length, true), new Float64Array(x.length)];
      kernels.crossEntropyBackward(g, x, index, out, rows, length, 1, -100);
      reference.crossEntropyBackward(g, x, index, expected, rows, length, 1, -100);
      for (let i = 0; i < out.length; i++) expect(Math.abs(out[i] - expected[i])).toBeLessThanOrEqual(1e-5);
    }
  });

  test('what normalization needs of each channel', () => {
    for (const sizes of [
      [4, 3, 49],
      [2, 5, 64],
      [3, 16, 1],
      [30, 7, 3],
      [1, 2, 1030],
    ] as const) {
      const [n, channels, inner] = sizes;
      const count = n * inner;
      const [x, g] = [filled('float32', n * channels * inner, 18), filled('float32', n * channels * inner, 19)];
      // a mean much greater than the deviation
      for (let i = 0; i < x.length; i++) x[i] += 1000;
      const column = () => new Float64Array(channels);
      const [got, expected] = [kernels, reference].map((k) => {
        const [mean, variance, sum, along] = [column(), column(), column(), column()];
        k.moments(x, mean, variance, sizes);
        k.channelSums(g, x, Float64Array.from(mean, Math.fround), sum, along, sizes);
        return { mean, variance, sum, along };
      });
      for (let c = 0; c < channels; c++) {
        expect(Math.abs(got.mean[c] - expected.mean[c])).toBeLessThan(1e-5);
        expect(Math.abs(got.variance[c] - expected.variance[c])).toBeLessThan(1e-4);
        expect(Math.abs(got.sum[c] - expected.sum[c])).toBeLessThan(2e-6 * count);
        expect(Math.abs(got.along[c] - expected.along[c])).toBeLessThan(1e-3 * count);
      }
      const [a, b, c] = [0.5, -2, 3].map((v) => Float64Array.from({ length: channels }, (_, i) => v + i));
      for (const run of [
        (k: typeof reference, out: Numbers) => k.scaleShift(g, a, b, out, sizes),
        (k: typeof reference, out: Numbers) => k.combine(g, x, a, b, c, out, sizes),
      ]) {
        const [out, exact] = [heap.allocate('float32', x.length + 16, false), new Float64Array(x.length + 16)];
        run(kernels, out.subarray(0, x.length));
        run(reference, exact.subarray(0, x.length));
        for (let i = 0; i < out.length; i++)
          expect(Math.abs(out[i] - exact[i])).toBeLessThanOrEqual(2e-7 * Math.abs(exact[i]) + 2e-3);
      }
    }
  });

  test('picking by index, and adding back', () => {
    for (const [outer, length, picks, inner] of [
      [1, 65, 40, 64],
      [3, 20, 33, 5],
      [40, 17, 9, 1],
      [2, 30, 40, 4],
    ]) {
      const slices = heap.allocate('int32', picks, true);
      const each = heap.allocate('int32', outer * picks * inner, true);
      for (let i = 0; i < slices.length; i++) slices[i] = (i * 7) % length;
      for (let i = 0; i < each.length; i++) each[i] = (i * 5) % length;
      const whole = filled('float32', outer * length * inner, 20);
      const some = filled('float32', outer * picks * inner, 21);
      for (const run of [
        (k: typeof reference, out: Numbers) => k.indexSelect(whole, slices, out, outer, length, inner),
        (k: typeof reference, out: Numbers) => k.indexAdd(some, slices, out, outer, length, inner),
        (k: typeof reference, out: Numbers) => k.gatherAlong(whole, each, out, outer, length, picks, inner),
        (k: typeof reference, out: Numbers) => k.scatterAdd(some, each, out, outer, length, picks, inner),
      ]) {
        const out = heap.allocate('float32', Math.max(whole.length, some.length) + 16, false);
        const expected = out.slice();
        run(kernels, out);
        run(reference, expected);
        // the same additions in the same order
        expect(out).toEqual(expected);
      }
      expect(kernels.firstOutside(each, length)).toBe(-1);
      for (const [at, bad] of [
        [each.length - 1, length],
        [3, -1],
      ]) {
        each[at] = bad;
        expect(kernels.firstOutside(each, length)).toBe(at);
      }
    }
  });

  test('maximum pooling: padding, stride, dilation, NaN', () => {
    for (const [input, kernel, stride, padding, dilation] of [
      [
        [28, 28],
        [2, 2],
        [2, 2],
        [0, 0],
        [1, 1],
      ],
      [
        [9, 11],
        [3, 2],
        [2, 1],
        [1, 1],
        [1, 1],
      ],
      [
        [12, 10],
        [3, 3],
        [1, 2],
        [1, 0],
        [2, 3],
      ],
      [
        [13, 23],
        [3, 3],
        [2, 2],
        [1, 1],
        [1, 1],
      ],
      [
        [7, 16],
        [2, 5],
        [3, 3],
        [0, 2],
        [1, 1],
      ],
    ] as const) {
      const size = (d: 0 | 1) =>
        Math.floor((input[d] + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d]) + 1;
      const output = [size(0), size(1)] as const;
      const window = { channels: 1, input, kernel, output, stride, padding, dilation };
      const x = filled('float32', 5 * input[0] * input[1], 22);
      for (let i = 0; i < x.length; i++) x[i] = Math.round(x[i]);
      x[30] = NaN;
      x[31] = NaN;
      const n = 5 * output[0] * output[1];
      const [out, at] = [heap.allocate('float32', n, true), heap.allocate('int32', n, true)];
      const [expected, expectedAt] = [out.slice(), at.slice()];
      kernels.maxPool(x, out, at, 5, window);
      reference.maxPool(x, expected, expectedAt, 5, window);
      expect(out).toEqual(expected);
      expect(at).toEqual(expectedAt);
    }
  });

  test.each([1, 3, 16, ...LENGTHS.map((n) => n + 16)])('steps of optimizers, %i parameters', (length) => {
    const sgd = { lr: 0.1, weightDecay: 0.01, momentum: 0.9, fresh: 0.7, nesterov: false };
    const adam = { shrink: 0.99, weightDecay: 0.1, betas: [0.9, 0.99] as const, eps: 1e-8, rate: 0.2, correction: 0.3 };
    type Step = (
      k: typeof reference,
      row: Row | null,
      p: Numbers,
      g: Numbers,
      a: Numbers,
      b: Numbers,
      c: Numbers,
    ) => void;
    const steps: Step[] = [
      (k, row, p, g) => k.sgd(p, g, null, sgd, row),
      (k, row, p, g, a) => k.sgd(p, g, a, sgd, row),
      (k, row, p, g, a) => k.sgd(p, g, a, { ...sgd, nesterov: true }, row),
      (k, row, p, g, a, b) => k.adam(p, g, a, b, null, adam, row),
      (k, row, p, g, a, b, c) => k.adam(p, g, a, b, c, adam, row),
    ];
    for (const [step, measured] of steps.flatMap((it) => [[it, false] as const, [it, true] as const])) {
      const arrays = [1, 2, 3, 4, 5].map((seed) => filled('float32', length, 30 + seed));
      // running squares
      for (let i = 0; i < length; i++) for (const array of arrays.slice(3)) array[i] = Math.abs(array[i]);
      const exact = arrays.map((array) => Float64Array.from(array));
      // a row among others
      const among = (values: Numbers): Row => ({ values: values.fill(7) as Float32Array, at: 2 });
      const row = measured ? among(heap.allocate('float32', 17, true)) : null;
      const exactRow = measured ? among(new Float32Array(17)) : null;
      step(kernels, row, ...(arrays as [Numbers, Numbers, Numbers, Numbers, Numbers]));
      step(reference, exactRow, ...(exact as [Numbers, Numbers, Numbers, Numbers, Numbers]));
      if (row && exactRow) expectRow(row.values, exactRow.values);
      for (const [a, array] of arrays.entries()) {
        for (let i = 0; i < length; i++) {
          if (!(Math.abs(array[i] - exact[a][i]) <= 3e-6))
            expect.fail(`array ${a} at ${i}: ${array[i]}, not ${exact[a][i]}`);
        }
      }
    }
  });

  /** What isn't a row's is as it was. */
  function expectRow(row: Float32Array, expected: Float32Array): void {
    for (const [i, value] of expected.entries()) {
      const near = Math.abs(row[i] - value) <= 2e-6 * Math.max(1, Math.abs(value));
      if (!near && !Object.is(row[i], value)) expect.fail(`column ${i}: ${row[i]}, not ${value}`);
    }
  }

  /** What single precision alone would get wrong: squares that underflow or overflow, and a mean that hides the deviation. */
  const DIFFICULT: Record<string, (x: number, i: number) => number> = {
    ordinary: (x) => x,
    vanishing: (x) => x * 1e-25,
    exploding: (x) => x * 1e25,
    'almost constant': (x) => 1000 + x * 1e-3,
    constant: () => 0.1,
    zeros: () => 0,
    'some zeros': (x, i) => (i % 3 ? x : 0),
    'not finite': (x, i) => (i === 1500 ? Number.NaN : i === 0 ? Number.NEGATIVE_INFINITY : x),
  };

  test.each(Object.keys(DIFFICULT))('a parameter’s row: %s', (name) => {
    for (const length of [17, 24, 130, 2048, 2049, 5003]) {
      const make = (seed: number) =>
        filled('float32', length, seed).map((x, i) => DIFFICULT[name](x, i)) as unknown as Float32Array;
      const [p, g, before, row] = ['p', 'g', 'before', 'row'].map(
        (_, i) => heap.allocate('float32', i < 3 ? length : 17, true) as Float32Array,
      );
      p.set(make(40));
      g.set(make(41));
      const expected = new Float32Array(17);
      const copy = new Float32Array(length);
      kernels.measureParameter(p, g, before, { values: row, at: 0 });
      reference.measureParameter(p, g, copy, { values: expected, at: 0 });
      expect(before).toEqual(copy);
      for (let i = 0; i < 12; i++) {
        // a deviation is as exact as the root of its variance's rounding
        const unit = i === 2 || i === 9 ? 1e-7 * Math.abs(expected[i - 1]) : 0;
        const scale = i === 1 || i === 8 ? expected[i + 1] : Math.abs(expected[i]);
        if (Object.is(row[i], expected[i])) continue;
        if (!(Math.abs(row[i] - expected[i]) <= 2e-6 * scale + unit))
          expect.fail(`${length}, column ${i}: ${row[i]}, not ${expected[i]}`);
      }
      p.forEach((x, i) => {
        p[i] = x * 0.9990234375;
      });
      kernels.measureUpdate(p, before, { values: row, at: 0 });
      reference.measureUpdate(p, copy, { values: expected, at: 0 });
      if (Number.isFinite(expected[12]))
        expect(Math.abs(row[12] - expected[12])).toBeLessThanOrEqual(2e-6 * expected[12]);
      else expect(row[12]).toBe(expected[12]);
    }
  });

  test('how many elements have each exponent', () => {
    for (const length of [17, 100, 1023, 1024, 1027, 5001]) {
      const x = filled('float32', length + 3, 50).subarray(3) as Float32Array;
      for (let i = 0; i < length; i++) x[i] *= 10 ** ((i % 90) - 50);
      [0, -0, 1e-42, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].forEach((special, i) => {
        x[2 * i] = special;
      });
      const [got, expected] = [new Uint32Array(256), new Uint32Array(256)];
      kernels.magnitudes(x, got);
      reference.magnitudes(x, expected);
      expect(got).toEqual(expected);
      expect(got[0]).toBeGreaterThanOrEqual(3);
      expect(got[255]).toBeGreaterThanOrEqual(3);
      expect(got.reduce((sum, count) => sum + count)).toBe(length);
    }
  });

  test('statistics of an array', () => {
    for (const length of LENGTHS) {
      const x = heap.allocate('float32', length + 16, true) as Float32Array;
      const y = heap.allocate('float32', length + 16, true) as Float32Array;
      x.set(numbers(x.length, 9));
      y.set(numbers(y.length, 10));
      x[length - 1] = 0;
      for (const last of [1, NaN, Infinity]) {
        x[length] = last;
        const [got, expected] = [new Float64Array(6), new Float64Array(6)];
        kernels.measure(x.subarray(0, length + 1), got);
        reference.measure(x.subarray(0, length + 1), expected);
        const magnitudes = x.subarray(0, length).reduce((sum, v) => sum + Math.abs(v) + v * v, 1);
        for (let i = 0; i < 6; i++) {
          if (Number.isFinite(expected[i]))
            expect(Math.abs(got[i] - expected[i])).toBeLessThanOrEqual(1e-6 * magnitudes);
          else expect(got[i]).toBe(expected[i]);
        }
      }
      expect(kernels.squaredDistance(x.subarray(0, length), y.subarray(0, length))).toBeCloseTo(
        reference.squaredDistance(x.subarray(0, length), y.subarray(0, length)),
        3,
      );
    }
  });

  type Pair = readonly [number, number];
  interface Case {
    readonly stride: Pair;
    readonly padding: Pair;
    readonly dilation: Pair;
    readonly groups: number;
    readonly input: readonly [batch: number, channels: number, height: number, width: number];
    readonly kernel: readonly [filters: number, height: number, width: number];
  }
  const plain = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 } as const;
  const geometries: Case[] = [
    { ...plain, input: [2, 3, 9, 11], kernel: [5, 3, 3], padding: [1, 1] },
    { ...plain, input: [2, 1, 28, 28], kernel: [6, 5, 5], padding: [2, 2] },
    { ...plain, input: [3, 16, 8, 8], kernel: [18, 1, 1] },
    { ...plain, input: [2, 4, 9, 10], kernel: [7, 3, 3], stride: [2, 2], padding: [1, 1] },
    { ...plain, input: [2, 4, 8, 8], kernel: [5, 1, 1], stride: [2, 2] },
    { ...plain, input: [1, 3, 13, 17], kernel: [4, 5, 2], stride: [3, 2], padding: [2, 1], dilation: [1, 2] },
    { ...plain, input: [2, 6, 7, 7], kernel: [6, 3, 3], padding: [1, 1], groups: 6 },
    { ...plain, input: [2, 6, 12, 9], kernel: [9, 2, 3], dilation: [2, 1], padding: [0, 3], groups: 3 },
    { ...plain, input: [2, 5, 1, 40], kernel: [17, 1, 7], stride: [1, 3], padding: [0, 3] },
    { ...plain, input: [1, 2, 3, 3], kernel: [2, 3, 3] },
    // rows of positions shorter than a tile, and images that are worked on together
    { ...plain, input: [5, 4, 4, 4], kernel: [10, 3, 3], padding: [1, 1] },
    { ...plain, input: [7, 3, 5, 6], kernel: [20, 3, 3], padding: [1, 1], stride: [2, 2] },
    { ...plain, input: [5, 3, 1, 1], kernel: [4, 1, 1] },
    // one filter or two in each group
    { ...plain, input: [3, 5, 10, 19], kernel: [5, 3, 3], padding: [1, 1], stride: [2, 2], groups: 5 },
    { ...plain, input: [2, 6, 11, 9], kernel: [6, 2, 2], dilation: [2, 2], groups: 3 },
    // more positions, taps and filters than one block
    { ...plain, input: [2, 20, 18, 21], kernel: [33, 3, 3], padding: [2, 2], dilation: [2, 2] },
    { ...plain, input: [1, 3, 40, 24], kernel: [16, 1, 1] },
    // rows and columns that no tap reaches
    { ...plain, input: [1, 2, 8, 9], kernel: [3, 2, 2], stride: [3, 4] },
    // in tiles of 2 × 2, whole and partial, in one block or several, over several images
    { ...plain, input: [2, 16, 9, 13], kernel: [17, 3, 3], padding: [1, 1] },
    { ...plain, input: [1, 33, 40, 38], kernel: [16, 3, 3] },
    { ...plain, input: [5, 40, 8, 8], kernel: [48, 3, 3], padding: [1, 1] },
    { ...plain, input: [2, 18, 6, 5], kernel: [20, 3, 3], padding: [0, 2] },
    { ...plain, input: [3, 20, 6, 6], kernel: [19, 3, 3], padding: [2, 1] },
    // more padding than kernel
    { ...plain, input: [1, 2, 4, 4], kernel: [3, 2, 2], padding: [3, 2], stride: [2, 1] },
  ];

  test.each(geometries)('convolution in all three directions: $input, $kernel, stride $stride, groups $groups', (g) => {
    const [batch, channels, height, width] = g.input;
    const [filters, kh, kw] = g.kernel;
    const size = (d: 0 | 1, n: number, k: number) =>
      Math.floor((n + 2 * g.padding[d] - g.dilation[d] * (k - 1) - 1) / g.stride[d]) + 1;
    const output = [size(0, height, kh), size(1, width, kw)] as const;
    const shape = {
      batch,
      groups: g.groups,
      filters: filters / g.groups,
      window: {
        channels: channels / g.groups,
        input: [height, width] as const,
        kernel: [kh, kw] as const,
        output,
        stride: g.stride,
        padding: g.padding,
        dilation: g.dilation,
      },
    };
    // not at the beginning of a block, and what lies before and behind counts for nothing
    const inHeap = (values: Float32Array) => {
      const out = (heap.allocate('float32', values.length + 11, true).fill(NaN) as Float32Array).subarray(3, -8);
      out.set(values);
      return out;
    };
    const x = inHeap(numbers(batch * channels * height * width, 1));
    const w = inHeap(numbers((filters * channels * kh * kw) / g.groups, 2));
    const bias = inHeap(numbers(filters, 3));
    const y = inHeap(numbers(batch * filters * output[0] * output[1], 4));
    const check = (like: Float32Array, run: (k: typeof reference, out: Float32Array | Float64Array) => void) => {
      const exact = new Float64Array(like.length);
      const whole = heap.allocate('float32', like.length + 11, false).fill(0) as Float32Array;
      const got = whole.subarray(3, -8);
      run(reference, exact);
      run(kernels, got);
      const most = Math.max(...exact.filter(Number.isFinite).map(Math.abs));
      for (let i = 0; i < got.length; i++) {
        const same = Number.isNaN(exact[i]) ? Number.isNaN(got[i]) : Math.abs(got[i] - exact[i]) <= 1e-5 * most;
        if (!same) expect.fail(`at ${i}: ${got[i]}, not ${exact[i]}`);
      }
      expect([...whole.subarray(0, 3), ...whole.subarray(-8)]).toEqual(new Array(11).fill(0));
    };
    const all = () => {
      check(y, (k, out) => k.conv2d(x, w, bias, out, shape));
      check(y, (k, out) => k.conv2d(x, w, null, out, shape));
      check(x, (k, out) => k.conv2dInput(y, w, out, shape));
      check(w, (k, out) => k.conv2dWeight(y, x, out, shape));
    };
    all();
    // what isn't a number stays where it belongs
    x[Math.floor(x.length / 3)] = NaN;
    y[Math.floor(y.length / 2)] = NaN;
    all();
  });

  test.each(RECURRENT)('%s', (name) => {
    for (const width of [3, 4, 13, 16, 33]) {
      const n = 3;
      const gates = name.startsWith('gru') ? 3 : 4;
      const row = (columns: number, seed: number) => {
        const out = heap.allocate('float32', n * columns * width, true) as Float32Array;
        out.set(numbers(out.length, seed));
        return out;
      };
      const state = row(1, 1);
      const inputs = gates === 3 ? [row(3, 2), row(3, 3), state] : [row(4, 2), state];
      const backward = name.endsWith('Backward');
      const operands = backward ? [row(1, 4), ...inputs] : inputs;
      const size = n * width * (backward ? (gates === 3 ? 7 : 5) : 1);
      const out = heap.allocate('float32', size, true) as Float32Array;
      const exact = new Float64Array(size);
      (kernels[name] as (...all: unknown[]) => void)(...operands, out, n, width);
      (reference[name] as (...all: unknown[]) => void)(...operands.map((o) => Float64Array.from(o)), exact, n, width);
      for (let i = 0; i < size; i++) expect(Math.abs(out[i] - exact[i])).toBeLessThan(2e-5);
    }
  });
});
