/** What can be looked into while a run is paused. */
export interface Inspection {
  /** The output is that of the layer's last call, kept since the first step that was taken while paused. */
  readonly of: 'weight' | 'gradient' | 'output';
  /** Id of the parameter; where an output is meant, of the layer. */
  readonly id: number;
  /** First index and number of indices in each dimension; where they end, all that fits. */
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** An inspection asked for, by a number that its answer has as well. */
export interface InspectRequest extends Inspection {
  readonly request: number;
}

/** So many elements are told of at the most: fewer along the first dimensions. */
export const MOST_ELEMENTS = 65_536;

/** The part of a tensor that is told: within its shape, and no more than that. */
export function rangeOf(
  shape: readonly number[],
  { start, count }: Pick<Inspection, 'start' | 'count'>,
): { readonly start: number[]; readonly count: number[] } {
  const from = shape.map((size, i) => Math.min(Math.max(0, start[i] ?? 0), Math.max(0, size - 1)));
  const taken = shape.map((size, i) => Math.min(Math.max(0, count[i] ?? size), size - from[i]));
  for (const i of taken.keys()) {
    const inner = taken.slice(i + 1).reduce((a, b) => a * b, 1);
    taken[i] = Math.min(taken[i], Math.max(1, Math.floor(MOST_ELEMENTS / Math.max(1, inner))));
  }
  return { start: from, count: taken };
}
