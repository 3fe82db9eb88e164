/** The largest eigenvalue of a symmetric matrix, as far as it has been found. */
export interface Largest {
  /** Never above the true one, but for rounding. */
  readonly value: number;
  /** An eigenvalue lies at most so far from `value`. */
  readonly error: number;
  /** How often the matrix was multiplied with. */
  readonly products: number;
}

/**
 * Lanczos' iteration (1950): what power iteration finds, in far fewer products, and the largest rather than the largest by
 * amount. Only two vectors are kept; that they lose their orthogonality repeats eigenvalues, and spoils none.
 * @param start Any vector that isn't 0.
 * @param goOn Asked before every product but the first.
 * @returns null if something isn't finite.
 */
export function largestEigenvalue(
  product: (v: Float64Array) => Float64Array,
  start: Float64Array,
  { most, tolerance, goOn }: { readonly most: number; readonly tolerance: number; readonly goOn: () => boolean },
): Largest | null {
  const diagonal: number[] = [];
  const besides: number[] = [];
  let before = new Float64Array(start.length);
  let v = scaled(start, 1 / length(start));
  for (let largest: Largest | null = null; ; ) {
    const w = product(v);
    const alpha = dot(w, v);
    const last = besides.at(-1) ?? 0;
    for (let i = 0; i < w.length; i++) w[i] -= alpha * v[i] + last * before[i];
    const beta = length(w);
    if (!Number.isFinite(beta)) return largest;
    diagonal.push(alpha);
    const { value, tail } = largestOfTridiagonal(diagonal, besides);
    largest = { value, error: beta * Math.abs(tail), products: diagonal.length };
    const enough = largest.error <= tolerance * Math.abs(value) || diagonal.length >= Math.min(most, start.length);
    if (enough || !goOn()) return largest;
    besides.push(beta);
    before = v;
    v = scaled(w, 1 / beta);
  }
}

/** The largest eigenvalue of a symmetric tridiagonal matrix, and the last element of its eigenvector (of length 1). */
function largestOfTridiagonal(
  diagonal: readonly number[],
  besides: readonly number[],
): { readonly value: number; readonly tail: number } {
  // Gershgorin: no eigenvalue lies outside
  const reach = diagonal.map((_, i) => Math.abs(besides[i - 1] ?? 0) + Math.abs(besides[i] ?? 0));
  let low = Math.max(...diagonal);
  let high = Math.max(...diagonal.map((a, i) => a + reach[i]));
  for (let i = 0; i < 100 && low < high; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (isAboveAll(middle, diagonal, besides)) high = middle;
    else low = middle;
  }
  const value = high;
  // (T − θ)s = 0 row by row, scaled so that nothing overflows
  let [previous, current, squares] = [0, 1, 1];
  for (let i = 0; i + 1 < diagonal.length; i++) {
    const next = ((value - diagonal[i]) * current - (besides[i - 1] ?? 0) * previous) / besides[i];
    const scale = 1 / Math.max(1, Math.abs(next));
    [previous, current] = [current * scale, next * scale];
    squares = squares * scale * scale + current * current;
  }
  return { value, tail: current / Math.sqrt(squares) };
}

/** Sturm: all pivots of T − x are negative. */
function isAboveAll(x: number, diagonal: readonly number[], besides: readonly number[]): boolean {
  let pivot = diagonal[0] - x;
  for (let i = 1; pivot < 0 && i < diagonal.length; i++) pivot = diagonal[i] - x - besides[i - 1] ** 2 / pivot;
  return pivot < 0;
}

const dot = (a: Float64Array, b: Float64Array) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};
const length = (a: Float64Array) => Math.sqrt(dot(a, a));
const scaled = (a: Float64Array, by: number) => a.map((x) => x * by);
