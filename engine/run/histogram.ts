/**
 * How the magnitudes of a tensor's elements are distributed, by powers of two: bin i counts those with
 * 2^(first + i) ≤ |x| < 2^(first + i + 1). Bins before the first and behind the last are empty.
 */
export interface Histogram {
  readonly first: number;
  readonly counts: Uint32Array;
  /** Elements that are 0, or subnormal: less than 2⁻¹²⁶. */
  readonly zeros: number;
  readonly nonFinite: number;
  /** How many elements were looked at: all of them, or a sample. */
  readonly of: number;
}

/** Histograms of one step: `values` has for each id, one after the other: of, zeros, non-finite, first + 256, bins, counts… */
export interface HistogramRows {
  readonly ids: Uint32Array;
  readonly values: Uint32Array;
}

const HEAD = 5;
/** Added to exponents, which may be negative. */
const SHIFT = 256;
/** The exponent that float32 writes as 1. */
const LEAST = -126;
const EXPONENTS = 256;

/** Makes the rows of a step of what kernels count: how often each exponent of float32 occurs. */
export class HistogramWriter {
  #ids: number[] = [];
  #values: number[] = [];

  /** `counts`: by exponent as float32 writes it, zeros first and what isn't finite last. */
  add(id: number, counts: ArrayLike<number>): void {
    let [first, last] = [1, EXPONENTS - 2];
    while (first < last && counts[first] === 0) first++;
    while (last >= first && counts[last] === 0) last--;
    let of = counts[0] + counts[EXPONENTS - 1];
    for (let i = first; i <= last; i++) of += counts[i];
    const bins = Math.max(0, last - first + 1);
    this.#ids.push(id);
    this.#values.push(of, counts[0], counts[EXPONENTS - 1], first - 1 + LEAST + SHIFT, bins);
    for (let i = first; i <= last; i++) this.#values.push(counts[i]);
  }

  /** The rows so far; there are none afterwards. */
  take(): HistogramRows | undefined {
    if (this.#ids.length === 0) return undefined;
    const rows = { ids: Uint32Array.from(this.#ids), values: Uint32Array.from(this.#values) };
    this.#ids = [];
    this.#values = [];
    return rows;
  }
}

/** The histogram of an id; null if there is none, or if the rows are damaged. */
export function histogramOf({ ids, values }: HistogramRows, id: number): Histogram | null {
  let at = 0;
  for (const one of ids) {
    if (at + HEAD > values.length) return null;
    const [of, zeros, nonFinite, first, bins] = values.subarray(at, at + HEAD);
    const end = at + HEAD + bins;
    if (end > values.length || bins > EXPONENTS) return null;
    if (one === id) return { first: first - SHIFT, counts: values.subarray(at + HEAD, end), zeros, nonFinite, of };
    at = end;
  }
  return null;
}

/** Shares of a layer's elements: `bins` from 2^first on, and what has no magnitude. They add up to 1. */
export interface Magnitudes {
  readonly first: number;
  readonly bins: Float32Array;
  readonly zeros: number;
  readonly nonFinite: number;
}

/** Histograms of tensors of `elements` each as one; null of none. A sample stands for the whole tensor. */
export function magnitudesOf(
  parts: readonly { readonly histogram: Histogram; readonly elements: number }[],
): Magnitudes | null {
  const total = parts.reduce((sum, { elements }) => sum + elements, 0);
  if (total === 0) return null;
  const filled = parts.filter(({ histogram }) => histogram.counts.length > 0);
  const first = filled.length ? Math.min(...filled.map(({ histogram }) => histogram.first)) : 0;
  const end = Math.max(first, ...filled.map(({ histogram }) => histogram.first + histogram.counts.length));
  const bins = new Float32Array(end - first);
  let [zeros, nonFinite] = [0, 0];
  for (const { histogram, elements } of parts) {
    const share = elements / total / histogram.of;
    zeros += histogram.zeros * share;
    nonFinite += histogram.nonFinite * share;
    histogram.counts.forEach((count, i) => {
      bins[histogram.first - first + i] += count * share;
    });
  }
  return { first, bins, zeros, nonFinite };
}
