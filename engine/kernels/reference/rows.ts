import type { Numbers } from '../../tensor/dtype.ts';

// Row-major data seen as [outer, length, inner]: these work along the middle dimension.

/** Order of numbers, with NaN after all of them. */
function ascending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b;
}

export const rows = {
  /** The index of the greatest (sign 1) or smallest (sign −1) element, the first of equals; a NaN wins. */
  argExtreme(x: Numbers, out: Numbers, outer: number, length: number, inner: number, sign: 1 | -1): void {
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) {
        const start = o * length * inner + i;
        let best = 0;
        for (let k = 1; k < length; k++) {
          const v = x[start + k * inner];
          const top = x[start + best * inner];
          if (sign * v > sign * top || (Number.isNaN(v) && !Number.isNaN(top))) best = k;
        }
        out[o * inner + i] = best;
      }
  },

  /** Where the most frequent element is for the last time; of equally frequent ones the smallest counts. No two NaN are equal. */
  argMode(x: Numbers, out: Numbers, outer: number, length: number, inner: number): void {
    const order = new Int32Array(out.length * length);
    rows.argsort(x, order, outer, length, inner, false);
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) {
        const start = o * length * inner + i;
        let [best, run] = [0, 0];
        for (let k = 0; k < length; k++) {
          const place = order[start + k * inner];
          const before = k === 0 ? Number.NaN : x[start + order[start + (k - 1) * inner] * inner];
          run = x[start + place * inner] === before ? run + 1 : 1;
          if (run > best) {
            best = run;
            out[o * inner + i] = place;
          }
        }
      }
  },

  /** log Σ exp x, shifted by the maximum so that nothing overflows. */
  logSumExp(x: Numbers, out: Numbers, outer: number, length: number, inner: number): void {
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) {
        const start = o * length * inner + i;
        let max = -Infinity;
        for (let k = 0; k < length; k++) max = Math.max(max, x[start + k * inner]);
        const shift = Number.isFinite(max) ? max : 0;
        let sum = 0;
        for (let k = 0; k < length; k++) sum += Math.exp(x[start + k * inner] - shift);
        out[o * inner + i] = shift + Math.log(sum);
      }
  },

  /** e^(x − logSumExp x); with `log`, the exponent itself. */
  softmax(x: Numbers, out: Numbers, outer: number, length: number, inner: number, log: boolean): void {
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) {
        const start = o * length * inner + i;
        const end = start + length * inner;
        let max = -Infinity;
        for (let k = start; k < end; k += inner) if (x[k] > max) max = x[k];
        let sum = 0;
        for (let k = start; k < end; k += inner) sum += Math.exp(x[k] - max);
        if (log) {
          const shift = max + Math.log(sum);
          for (let k = start; k < end; k += inner) out[k] = x[k] - shift;
        } else for (let k = start; k < end; k += inner) out[k] = Math.exp(x[k] - max) / sum;
      }
  },

  cumsum(x: Numbers, out: Numbers, outer: number, length: number, inner: number): void {
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (let k = 0, p = o * length * inner + i; k < length; k++, p += inner) out[p] = sum += x[p];
      }
  },

  cumprod(x: Numbers, out: Numbers, outer: number, length: number, inner: number): void {
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) {
        let product = 1;
        for (let k = 0, p = o * length * inner + i; k < length; k++, p += inner) out[p] = product *= x[p];
      }
  },

  /** The permutation that sorts each row, equal elements in their order; NaN counts as greatest. */
  argsort(x: Numbers, out: Numbers, outer: number, length: number, inner: number, descending: boolean): void {
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) {
        const start = o * length * inner + i;
        const order = Array.from({ length }, (_, k) => k);
        const sign = descending ? -1 : 1;
        order.sort((a, b) => sign * ascending(x[start + a * inner], x[start + b * inner]) || a - b);
        for (let k = 0; k < length; k++) out[start + k * inner] = order[k];
      }
  },

  /** Mean and 1/√(variance + eps) of each row of `length` elements, and the standardized rows. */
  standardize(x: Numbers, out: Numbers, inverseStd: Numbers, length: number, eps: number): void {
    for (let row = 0; row < inverseStd.length; row++) {
      const start = row * length;
      let sum = 0;
      for (let i = start; i < start + length; i++) sum += x[i];
      const mean = sum / length;
      let squares = 0;
      for (let i = start; i < start + length; i++) squares += (x[i] - mean) * (x[i] - mean);
      const scale = 1 / Math.sqrt(squares / length + eps);
      for (let i = start; i < start + length; i++) out[i] = (x[i] - mean) * scale;
      inverseStd[row] = scale;
    }
  },

  /** With y = softmax x: y(g − Σgy); with `log` and y = ln softmax x: g − e^y·Σg. */
  softmaxBackward(
    g: Numbers,
    y: Numbers,
    out: Numbers,
    outer: number,
    length: number,
    inner: number,
    log: boolean,
  ): void {
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) {
        const start = o * length * inner + i;
        const end = start + length * inner;
        let sum = 0;
        for (let k = start; k < end; k += inner) sum += log ? g[k] : g[k] * y[k];
        for (let k = start; k < end; k += inner) out[k] = log ? g[k] - Math.exp(y[k]) * sum : y[k] * (g[k] - sum);
      }
  },

  /** s·(g − mean g − y·mean(g·y)) of each row, with y standardized and s = 1/√(variance + eps). */
  standardizeBackward(g: Numbers, y: Numbers, s: Numbers, out: Numbers, length: number): void {
    for (let row = 0; row < s.length; row++) {
      const start = row * length;
      let sum = 0;
      let along = 0;
      for (let i = start; i < start + length; i++) {
        sum += g[i];
        along += g[i] * y[i];
      }
      for (let i = start; i < start + length; i++) out[i] = s[row] * (g[i] - sum / length - (y[i] * along) / length);
    }
  },

  /** −ln softmax(x)[class]; 0 where the class is `ignored`. */
  crossEntropy(
    x: Numbers,
    index: Numbers,
    out: Numbers,
    outer: number,
    length: number,
    inner: number,
    ignored: number,
  ): void {
    rows.logSumExp(x, out, outer, length, inner);
    for (let o = 0, at = 0; o < outer; o++)
      for (let i = 0; i < inner; i++, at++)
        out[at] = index[at] === ignored ? 0 : out[at] - x[(o * length + index[at]) * inner + i];
  },

  /** g·(softmax(x) − 1 at the class); 0 where the class is `ignored`. */
  crossEntropyBackward(
    g: Numbers,
    x: Numbers,
    index: Numbers,
    out: Numbers,
    outer: number,
    length: number,
    inner: number,
    ignored: number,
  ): void {
    rows.softmax(x, out, outer, length, inner, false);
    for (let o = 0, at = 0; o < outer; o++)
      for (let i = 0; i < inner; i++, at++) {
        const start = o * length * inner + i;
        const factor = index[at] === ignored ? 0 : g[at];
        for (let k = 0; k < length; k++) out[start + k * inner] *= factor;
        if (index[at] !== ignored) out[start + index[at] * inner] -= g[at];
      }
  },
};
