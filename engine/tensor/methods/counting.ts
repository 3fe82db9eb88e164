import { elements } from '../elements.ts';
import { ArgumentError, DTypeError, ShapeError, showShape } from '../errors.ts';
import { resolveDim, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

export interface UniqueOptions {
  /** Ascending; otherwise in order of first appearance. Default true. */
  readonly sorted?: boolean;
  /** Compares the slices of a dimension instead of elements. */
  readonly dim?: number;
  readonly returnInverse?: boolean;
  readonly returnCounts?: boolean;
}

export interface Unique {
  readonly values: Tensor;
  /** int32: for each element (or slice of the dimension) the place of its like among the values. */
  readonly inverse: Tensor;
  /** int32: how often each value was there. */
  readonly counts: Tensor;
}

export interface CountOptions {
  /** What each element adds; 1 by default. */
  readonly weights?: Tensor;
  /** The least length of the result. Default 0. */
  readonly minlength?: number;
}

function unique(this: Tensor, options?: UniqueOptions & { returnInverse?: false; returnCounts?: false }): Tensor;
function unique(this: Tensor, options: UniqueOptions): Unique;
function unique(this: Tensor, options: UniqueOptions = {}): Tensor | Unique {
  const dim = options.dim === undefined ? null : resolveDim('unique', options.dim, this.shape.length);
  const table = dim === null ? this.reshape([-1, 1]) : this.movedim(dim, 0);
  const [count, width] = [table.shape[0], sizeOf(table.shape.slice(1))];
  const data = elements(table);
  // The sign of the first difference of two rows. NaN comes last and is equal to nothing.
  const compare = (a: number, b: number): number => {
    for (let i = 0; i < width; i++) {
      const [x, y] = [data[a * width + i], data[b * width + i]];
      if (x !== y) return x < y || (Number.isNaN(y) && !Number.isNaN(x)) ? -1 : 1;
    }
    return 0;
  };
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => compare(a, b) || a - b);
  let groups: number[][] = [];
  for (const row of order) {
    const group = groups.at(-1);
    if (group !== undefined && compare(group[0], row) === 0) group.push(row);
    else groups.push([row]);
  }
  if (options.sorted === false) groups = groups.sort(([a], [b]) => a - b);
  const firsts = this.newTensor(
    groups.map(([row]) => row),
    [groups.length],
    'int32',
  );
  const picked = table.detach().indexSelect(0, firsts);
  const values = dim === null ? picked.reshape([-1]) : picked.movedim(0, dim);
  if (!options.returnInverse && !options.returnCounts) return values;
  const places = new Int32Array(count);
  groups.forEach((group, place) => {
    for (const row of group) places[row] = place;
  });
  const sizes = groups.map((group) => group.length);
  return {
    values,
    inverse: this.newTensor(places, dim === null ? this.shape : [count], 'int32'),
    counts: this.newTensor(sizes, [sizes.length], 'int32'),
  };
}

/** Methods that count equal elements. Their results have no gradient. */
export const counting = {
  /** The different elements; with `returnInverse` or `returnCounts` also where each went and how many there were. */
  unique,
  /** How often 0, 1, 2 … are in an int32 vector, or the sums of their weights. */
  bincount(this: Tensor, { weights, minlength = 0 }: CountOptions = {}): Tensor {
    if (this.dtype !== 'int32') throw new DTypeError(`bincount: expected int32, got ${this.dtype}.`);
    if (this.shape.length !== 1) throw new ShapeError(`bincount: expected a vector, got ${showShape(this.shape)}.`);
    if (weights !== undefined && weights.numel() !== this.numel()) {
      throw new ShapeError(
        `bincount: expected a weight for each of ${this.numel()} elements, got ${showShape(weights.shape)}.`,
      );
    }
    const list = elements(this);
    const shares = weights === undefined ? null : elements(weights);
    let [least, greatest] = [0, -1];
    for (const value of list) [least, greatest] = [Math.min(least, value), Math.max(greatest, value)];
    if (least < 0) throw new ArgumentError(`bincount: expected no negative elements, got ${least}.`);
    const counts = new Float64Array(Math.max(minlength, greatest + 1));
    for (let i = 0; i < list.length; i++) counts[list[i]] += shares === null ? 1 : shares[i];
    const dtype = weights === undefined ? 'int32' : weights.dtype === 'float32' ? 'float32' : 'float64';
    return this.newTensor(counts, [counts.length], dtype);
  },
};
