import { describe, expect, test } from 'vitest';
import {
  FOLD,
  firstSlice,
  gridOf,
  largestOf,
  moved,
  PAGE,
  requestOf,
  tintOf,
  turned,
} from '../../webview/flow/slice.ts';
import type { TensorView } from '../../webview/protocol.ts';

/** The answer to a request for a part of a tensor whose elements count from 0. */
function answer(shape: readonly number[], { start, count }: Pick<TensorView, 'start' | 'count'>): TensorView {
  const taken = shape.map((size, i) => Math.min(count[i], size - start[i]));
  const values: number[] = [];
  const walk = (dimension: number, offset: number) => {
    if (dimension === shape.length) values.push(offset);
    else
      for (let i = 0; i < taken[dimension]; i++) walk(dimension + 1, offset * shape[dimension] + start[dimension] + i);
  };
  walk(0, 0);
  return { problem: null, shape, dtype: 'float32', start, count: taken, values, statistics: {} };
}

describe('a part of a tensor', () => {
  test.each([
    [[], 1, 1],
    [[5], 1, 5],
    [[1000], PAGE.rows, FOLD],
    [[3, 4], 3, 4],
    [[100, 100], PAGE.rows, PAGE.columns],
    [[2, 3, 4, 5], 4, 5],
  ])('of shape %j is %d rows of %d', (shape, rows, columns) => {
    const slice = firstSlice(shape);
    const grid = gridOf(answer(shape, requestOf(slice)), slice);
    expect(grid.rows).toHaveLength(rows);
    for (const { cells } of grid.rows) expect(cells).toHaveLength(columns);
  });

  test('every cell has the value that its index says, whichever dimensions are rows and columns', () => {
    const shape = [3, 4, 5];
    for (const rows of [0, 1, 2])
      for (const columns of [0, 1, 2]) {
        if (rows === columns) continue;
        let slice = turned(turned(firstSlice(shape), 'rows', rows), 'columns', columns);
        expect([slice.rows, slice.columns]).toEqual([rows, columns]);
        const [other] = [0, 1, 2].filter((i) => i !== rows && i !== columns);
        slice = moved(slice, shape, other, 2);
        const cells = gridOf(answer(shape, requestOf(slice)), slice).rows.flatMap((row) => row.cells);
        expect(cells).toHaveLength(shape[rows] * shape[columns]);
        for (const { index, value } of cells) {
          const at = index.split(', ').map(Number);
          expect(at[other]).toBe(2);
          expect(value).toBe((at[0] * shape[1] + at[1]) * shape[2] + at[2]);
        }
      }
  });

  test('a place beyond the shape is its last one', () => {
    const slice = firstSlice([100, 100]);
    expect(moved(slice, [100, 100], 0, 500).at).toEqual([99, 0]);
    expect(moved(slice, [100, 100], 1, -3).at).toEqual([0, 0]);
    expect(moved(slice, [100, 100], 1, Number.NaN).at).toEqual([0, 0]);
  });
});

test('numbers are tinted by sign and size; what is not finite stands out', () => {
  expect(largestOf([1, -8, 'NaN', 'Infinity'])).toBe(8);
  expect([8, -8, 0.1, -0.1, 0].map((x) => tintOf(x, 8))).toEqual(['p5', 'n5', 'p1', 'n1', 'zero']);
  expect(['NaN', 'Infinity', '-Infinity'].map((x) => tintOf(x, 8))).toEqual(['bad', 'bad', 'bad']);
  expect(tintOf(0, 0)).toBe('zero');
});
