import { describe, expect, test } from 'vitest';
import { installKernels, type KernelChoice } from '../../engine/host/kernels.ts';
import type { AttentionShape, Heads } from '../../engine/kernels/reference/attention.ts';
import { reference } from '../../engine/kernels/reference/reference.ts';

const chosen: [choice: KernelChoice, threads: number][] = [
  ['wide', 1],
  ['narrow', 1],
  ['plain', 1],
  ['wide', 3],
];

/** Whole tiles of both shapes, rests, single rows; more keys than a block, wider than a tile; causal with other lengths. */
const SHAPES: AttentionShape[] = [
  [1, 1, 1, 1, 1, 1],
  [2, 3, 7, 5, 4, 6],
  [1, 2, 16, 16, 16, 16],
  [2, 2, 64, 64, 16, 16],
  [3, 1, 33, 21, 17, 9],
  [1, 2, 21, 130, 8, 20],
  [2, 1, 37, 19, 40, 33],
  [1, 1, 100, 100, 5, 3],
].flatMap(([batches, heads, queries, keys, width, valueWidth]) =>
  [false, true].map((causal) => ({ batches, heads, queries, keys, width, valueWidth, scale: 0.4, causal })),
);

describe.each(chosen)('attention: %s, threads: %i', (choice, threads) => {
  const { heap, kernels } = installKernels(choice, { threads, leastWork: 1e-3 })!;

  function numbers(count: number, seed: number): Float32Array {
    const out = heap.allocate('float32', Math.max(count, 32), true) as Float32Array;
    for (let i = 0; i < out.length; i++) out[i] = 2 * Math.sin(seed + 1.3 * i + 0.01 * i * i);
    return out;
  }

  /** [batches, positions, heads, width], after `start` other elements and with room between rows. */
  function heads({ batches, heads: count }: AttentionShape, positions: number, width: number, seed: number): Heads {
    const [start, row] = [3, count * width + 2];
    const data = numbers(start + batches * positions * row, seed);
    return { data, start, batch: positions * row, head: width, row, column: 1 };
  }

  const copy = (x: Heads): Heads => ({ ...x, data: Float64Array.from(x.data) });

  /** One mask for all, or one for each batch, with rows that see nothing to their right, and some keys in between hidden. */
  function maskOf({ batches, queries, keys }: AttentionShape, all: boolean): Heads {
    const count = all ? 1 : batches;
    const data = numbers(count * queries * keys, 9);
    for (let b = 0; b < count; b++)
      for (let i = 0; i < queries; i++)
        for (let j = 0; j < keys; j++)
          if (j > ((i + b) % keys) + 1 || (j > 0 && (i * j) % 7 === 3)) data[(b * queries + i) * keys + j] = -Infinity;
    return { data, start: 0, batch: all ? 0 : queries * keys, head: 0, row: keys, column: 1 };
  }

  /** The same with the columns contiguous. */
  function turned(mask: Heads, shape: AttentionShape): Heads {
    if (mask.row === 0) return mask;
    const { batches, queries, keys } = shape;
    const data = numbers(batches * queries * keys, 0);
    for (let b = 0; b < batches; b++)
      for (let i = 0; i < queries; i++)
        for (let j = 0; j < keys; j++) data[(b * keys + j) * queries + i] = mask.data[b * mask.batch + i * keys + j];
    return { data, start: 0, batch: queries * keys, head: 0, row: 1, column: queries };
  }

  function close(what: string, got: Heads['data'], expected: Heads['data']): void {
    for (const [i, v] of expected.entries()) {
      const error = Math.abs(got[i] - v);
      // what lies between rows must stay as it was
      if (!(error <= 1e-4 * Math.max(1, Math.abs(v))) && !(Number.isNaN(v) && Number.isNaN(got[i])))
        expect.fail(`${what} at ${i}: ${got[i]}, not ${v}`);
    }
  }

  /** Both ways, beside the reference in float64. */
  function compare(shape: AttentionShape, mask: Heads | null, spoil: (q: Heads) => void = () => {}): void {
    const { batches, heads: count, queries, keys, width, valueWidth } = shape;
    const [q, k, v] = [
      heads(shape, queries, width, 1),
      heads(shape, keys, width, 2),
      heads(shape, keys, valueWidth, 3),
    ];
    spoil(q);
    const out = heads(shape, queries, valueWidth, 4);
    const sums = numbers(batches * count * queries, 5);
    const [exact, exactSums] = [copy(out), Float64Array.from(sums)];
    kernels.attention(shape, q, k, v, mask, out, sums);
    reference.attention(shape, copy(q), copy(k), copy(v), mask, exact, exactSums);
    close('out', out.data, exact.data);
    close('sums', sums, exactSums);
    const g = heads(shape, queries, valueWidth, 6);
    const slopes = [heads(shape, queries, width, 7), heads(shape, keys, width, 7), heads(shape, keys, valueWidth, 7)];
    const exactSlopes = slopes.map(copy);
    const [dq, dk, dv] = slopes;
    kernels.attentionBackward(shape, g, q, k, v, mask && turned(mask, shape), out, sums, dq, dk, dv);
    const [eq, ek, ev] = exactSlopes;
    reference.attentionBackward(shape, copy(g), copy(q), copy(k), copy(v), mask, exact, exactSums, eq, ek, ev);
    for (const [i, name] of ['dq', 'dk', 'dv'].entries()) close(name, slopes[i].data, exactSlopes[i].data);
  }

  test.each(SHAPES)('both ways: %o', (shape) => {
    compare(shape, null);
    compare(shape, maskOf(shape, true));
    compare(shape, maskOf(shape, false));
    compare(shape, { ...maskOf(shape, false), batch: 0, row: 0 });
  });

  test('is the compiled one, also after its first use', () => {
    compare(SHAPES[0], null);
    expect(kernels.attention).not.toBe(reference.attention);
    expect(kernels.attentionBackward).not.toBe(reference.attentionBackward);
  });

  test('where all keys are hidden, or a query is NaN, so are its result and what depends on it', () => {
    const shape = { ...SHAPES[6], causal: false };
    const mask = maskOf(shape, true);
    mask.data.fill(-Infinity, 4 * shape.keys, 5 * shape.keys);
    compare(shape, mask);
    compare(shape, null, (q) => q.data.fill(NaN, q.start + 8 * q.row, q.start + 9 * q.row));
  });
});
