import type { Numbers } from '../../tensor/dtype.ts';

// Row-major data seen as [outer, length, inner]; an index picks along the middle dimension.

export const indexing = {
  /** Where the first index outside 0 … size − 1 stands; −1 if none does. */
  firstOutside(index: Numbers, size: number): number {
    return index.findIndex((i) => i < 0 || i >= size);
  },

  /** out[o, k, i] = x[o, index[k], i]: whole slices. */
  indexSelect(x: Numbers, index: Numbers, out: Numbers, outer: number, length: number, inner: number): void {
    for (let o = 0, at = 0; o < outer; o++)
      for (let k = 0; k < index.length; k++) {
        const from = (o * length + index[k]) * inner;
        for (let i = 0; i < inner; i++) out[at++] = x[from + i];
      }
  },

  /** out[o, index[k], i] += x[o, k, i]: the transpose of `indexSelect`. */
  indexAdd(x: Numbers, index: Numbers, out: Numbers, outer: number, length: number, inner: number): void {
    for (let o = 0, at = 0; o < outer; o++)
      for (let k = 0; k < index.length; k++) {
        const to = (o * length + index[k]) * inner;
        for (let i = 0; i < inner; i++) out[to + i] += x[at++];
      }
  },

  /** out[o, index[k], i] = x[o, k, i]. */
  indexCopy(x: Numbers, index: Numbers, out: Numbers, outer: number, length: number, inner: number): void {
    for (let o = 0, at = 0; o < outer; o++)
      for (let k = 0; k < index.length; k++) {
        const to = (o * length + index[k]) * inner;
        for (let i = 0; i < inner; i++) out[to + i] = x[at++];
      }
  },

  /** out[o, k·step + j, i] += x[o, k, i, j]: the transpose of the view that shows windows of `size` elements. */
  addWindows(
    x: Numbers,
    out: Numbers,
    [outer, length, inner]: readonly [number, number, number],
    [count, step, size]: readonly [number, number, number],
  ): void {
    for (let o = 0, at = 0; o < outer; o++)
      for (let k = 0; k < count; k++)
        for (let i = 0; i < inner; i++)
          for (let j = 0; j < size; j++) out[(o * length + k * step + j) * inner + i] += x[at++];
  },

  /** out[o, k, i] = x[o, index[o, k, i], i]: element by element; `picks` is the number of k. */
  gatherAlong(
    x: Numbers,
    index: Numbers,
    out: Numbers,
    outer: number,
    length: number,
    picks: number,
    inner: number,
  ): void {
    for (let o = 0, at = 0; o < outer; o++)
      for (let k = 0; k < picks; k++)
        for (let i = 0; i < inner; i++, at++) out[at] = x[(o * length + index[at]) * inner + i];
  },

  /** out[o, index[o, k, i], i] += x[o, k, i]: the transpose of `gatherAlong`. */
  scatterAdd(
    x: Numbers,
    index: Numbers,
    out: Numbers,
    outer: number,
    length: number,
    picks: number,
    inner: number,
  ): void {
    for (let o = 0, at = 0; o < outer; o++)
      for (let k = 0; k < picks; k++)
        for (let i = 0; i < inner; i++, at++) out[(o * length + index[at]) * inner + i] += x[at];
  },
};
