import type { Numbers } from '../../tensor/dtype.ts';

/** How many columns of a parameter's row kernels fill in: the first of `PARAMETER_STATISTICS` in engine/run, in that order. */
export const ROW_COLUMNS = 13;
/** The last of them: ‖p after the update − p before it‖. */
const UPDATE_NORM = 12;

/** Where what is told of a parameter at a step belongs: `ROW_COLUMNS` elements of `values`, from `at` on. */
export interface Row {
  readonly values: Float32Array;
  readonly at: number;
}

const sums = new Float64Array(6);
const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

export const statistics = {
  /**
   * Σx, Σx², least, greatest, the number of zeros and that of elements that aren't finite, into `out`, in one pass and in
   * float64. A NaN shows in the sums, and is neither least nor greatest.
   */
  measure(x: Numbers, out: Float64Array): void {
    let sum = 0;
    let squares = 0;
    let least = Infinity;
    let greatest = -Infinity;
    let zeros = 0;
    let nonFinite = 0;
    for (let i = 0; i < x.length; i++) {
      const v = x[i];
      sum += v;
      squares += v * v;
      if (v < least) least = v;
      if (v > greatest) greatest = v;
      if (v === 0) zeros++;
      if (!Number.isFinite(v)) nonFinite++;
    }
    out[0] = sum;
    out[1] = squares;
    out[2] = least;
    out[3] = greatest;
    out[4] = zeros;
    out[5] = nonFinite;
  },

  /**
   * How many elements have each exponent of float32, into the 256 `counts`: zeros, and what is too small for its exponent, in
   * the first, what isn't finite in the last.
   */
  magnitudes(x: Numbers, counts: Uint32Array): void {
    counts.fill(0);
    for (let i = 0; i < x.length; i++) {
      single[0] = x[i];
      counts[(bits[0] >>> 23) & 255]++;
    }
  },

  /** Σ(a − b)². */
  squaredDistance(a: Numbers, b: Numbers): number {
    let squares = 0;
    for (let i = 0; i < a.length; i++) squares += (a[i] - b[i]) * (a[i] - b[i]);
    return squares;
  },

  /**
   * A parameter's row at a step, from its weights and its gradient, which have the same length; the update's norm isn't known
   * yet and is NaN. The weights are copied to `before`.
   */
  measureParameter(p: Numbers, g: Numbers, before: Numbers, { values, at }: Row): void {
    statistics.measure(g, sums);
    const [, , , , zeros, nonFinite] = sums;
    putMoments(g.length, values, at);
    values[at + 5] = zeros / g.length;
    values[at + 6] = nonFinite;
    statistics.measure(p, sums);
    putMoments(p.length, values, at + 7);
    values[at + UPDATE_NORM] = Number.NaN;
    before.set(p);
  },

  /** Once it has been updated. */
  measureUpdate(p: Numbers, before: Numbers, { values, at }: Row): void {
    values[at + UPDATE_NORM] = Math.sqrt(statistics.squaredDistance(p, before));
  },
};

/** Norm, mean, std, least and greatest. */
function putMoments(length: number, row: Float32Array, first: number): void {
  const [sum, squares, least, greatest] = sums;
  const mean = sum / length;
  row[first] = Math.sqrt(squares);
  row[first + 1] = mean;
  row[first + 2] = Math.sqrt(Math.max(0, squares / length - mean * mean));
  row[first + 3] = least;
  row[first + 4] = greatest;
}
