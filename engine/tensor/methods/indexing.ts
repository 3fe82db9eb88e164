import { apply } from '../../autograd/apply.ts';
import type { Operand } from '../convert.ts';
import { DTypeError, ShapeError, showShape } from '../errors.ts';
import { broadcastShapes, resolveDim, resolveDims, sameShape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import type { Dims } from './reduce.ts';
import { listOf, type Sizes } from './shape.ts';

/** What `index` takes for one dimension. */
export type Index = number | Tensor | null;

/** The int32 positions of a dimension of `size`, negative ones counted from the end. */
function positions(index: Tensor, size: number): Tensor {
  return index.lt(0).where(index.add(size), index);
}

/**
 * The part of a source that an index uses: its first elements along each dimension, as in PyTorch.
 * @throws ShapeError if the source is smaller than the index, or the index, apart from `dim`, larger than the tensor.
 */
function sourceFor(name: string, x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const { shape } = index;
  const fits = (n: number, d: number) => n <= source.shape[d] && (d === dim || n <= x.shape[d]);
  if (shape.length !== x.shape.length || source.shape.length !== shape.length || !shape.every(fits)) {
    throw new ShapeError(
      `${name}: expected an index no larger than the source, and apart from dimension ${dim} than the tensor; got an index ` +
        `${showShape(shape)}, a source ${showShape(source.shape)} and a tensor ${showShape(x.shape)}.`,
    );
  }
  if (source.dtype !== x.dtype) {
    throw new DTypeError(`${name}: expected a source of ${x.dtype}, got ${source.dtype}. Convert it with to().`);
  }
  return shape.reduce<Tensor>((part, n, d) => (part.shape[d] === n ? part : part.slice(d, 0, n)), source);
}

/** Which source elements are written last to their place, so that of several the last one stays. */
function lastWriters(index: Tensor, dim: number): Tensor {
  const { shape } = index;
  const list = index.toFlat();
  const inner = sizeOf(shape.slice(dim + 1));
  const outer = inner * shape[dim];
  const last = new Map<string, number>();
  for (let i = 0; i < list.length; i++) last.set(`${Math.floor(i / outer)} ${i % inner} ${list[i]}`, i);
  const mask = new Uint8Array(list.length);
  for (const i of last.values()) mask[i] = 1;
  return index.newTensor(mask, shape, 'bool');
}

/** The last place of each of the elements of a vector; null if all are different. */
function lastOfEquals(index: Tensor): Tensor | null {
  const last = new Map(Array.from(index.toFlat(), (place, i) => [place, i]));
  return last.size === index.numel() ? null : index.newTensor([...last.values()], [last.size], 'int32');
}

export interface PutOptions {
  /** Add to what is there. Default false. */
  readonly accumulate?: boolean;
}

const filled = (x: Tensor, { shape }: Tensor, value: number): Tensor =>
  x.newTensor(new Float64Array(sizeOf(shape)).fill(value), shape);

/** Zeros after the end of each dimension, up to `shape`. */
function pad(x: Tensor, shape: readonly number[]): Tensor {
  return shape.reduce<Tensor>(
    (t, size, dim) =>
      t.shape[dim] === size ? t : apply('place', [t], { dim, start: 0, end: t.shape[dim], step: 1, size }),
    x,
  );
}

/** Methods that pick, place and turn. */
export const indexing = {
  /** The slices at the given int32 positions [k] of a dimension. */
  indexSelect(this: Tensor, dim: number, index: Tensor): Tensor {
    return apply('indexSelect', [this, index], { dim: resolveDim('indexSelect', dim, this.shape.length) });
  },
  /** Element by element along a dimension: out[i, j] = x[index[i, j], j] for dim 0. The index is int32. */
  gather(this: Tensor, dim: number, index: Tensor): Tensor {
    const d = resolveDim('gather', dim, this.shape.length);
    // The index may be smaller in the other dimensions: then only their first positions count.
    const smaller = [...index.shape.keys()].filter((e) => e !== d && index.shape[e] < this.shape[e]);
    const source = smaller.reduce<Tensor>((x, e) => x.slice(e, 0, index.shape[e]), this);
    return apply('gather', [source, index], { dim: d });
  },
  /** This, with source[i, j] added at [index[i, j], j] (for dim 0). The index is int32, of the shape of the source. */
  scatterAdd(this: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
    const d = resolveDim('scatterAdd', dim, this.shape.length);
    const used = sourceFor('scatterAdd', this, d, index, source);
    return this.add(pad(apply('scatterAdd', [used, index], { dim: d, size: this.shape[d] }), this.shape));
  },
  /** This, with source[i, j] (or one number) written to [index[i, j], j] (for dim 0). Of several writers the last one stays. */
  scatter(this: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
    const d = resolveDim('scatter', dim, this.shape.length);
    const used = sourceFor(
      'scatter',
      this,
      d,
      index,
      typeof source === 'number' ? filled(this, index, source) : source,
    );
    const writes = lastWriters(index, d);
    const attributes = { dim: d, size: this.shape[d] };
    const values = writes.where(used, this.newTensor([0], []));
    const written = pad(apply('scatterAdd', [writes.to('int32'), index], attributes), this.shape);
    return written.gt(0).where(pad(apply('scatterAdd', [values, index], attributes), this.shape), this);
  },
  /** This, with the slices of `source` added at the given int32 positions of a dimension. */
  indexAdd(this: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
    const d = resolveDim('indexAdd', dim, this.shape.length);
    const expected = this.shape.with(d, index.numel());
    if (index.shape.length !== 1 || !sameShape(source.shape, expected)) {
      throw new ShapeError(
        `indexAdd: for an index ${showShape(index.shape)} in dimension ${d} of ${showShape(this.shape)} expected a source ` +
          `${showShape(expected)}, got ${showShape(source.shape)}.`,
      );
    }
    return this.add(apply('indexAdd', [source, index], { dim: d, size: this.shape[d] }));
  },
  /** This, with the slices of `source` written at the given int32 positions of a dimension. Of several writers the last one stays. */
  indexCopy(this: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
    const d = resolveDim('indexCopy', dim, this.shape.length);
    const last = lastOfEquals(index);
    if (last === null) return apply('indexCopy', [this, index, source], { dim: d });
    return apply('indexCopy', [this, index.indexSelect(0, last), source.indexSelect(d, last)], { dim: d });
  },
  /**
   * This, with `values` (broadcast) where `index(...indices)` looks: PyTorch's `x[indices] = values`, as a new tensor. With
   * `accumulate` they are added, as often as a position is named; without, the last one stays.
   */
  indexPut(this: Tensor, indices: readonly Index[], values: Operand, { accumulate = false }: PutOptions = {}): Tensor {
    const order = Int32Array.from({ length: this.numel() }, (_, i) => i);
    const places = this.newTensor(order, this.shape, 'int32').index(...indices);
    const given = typeof values === 'number' ? this.newTensor([values], []) : values;
    if (given.dtype !== this.dtype) {
      throw new DTypeError(`indexPut: expected values of ${this.dtype}, got ${given.dtype}. Convert them with to().`);
    }
    broadcastShapes('indexPut', given.shape, places.shape);
    const [flat, source] = [this.reshape([-1]), given.expand(places.shape).reshape([-1])];
    const at = places.reshape([-1]);
    const put = accumulate ? flat.indexAdd(0, at, source) : flat.indexCopy(0, at, source);
    return put.reshape(this.shape);
  },
  /** This, with the elements of `source` in row-major order where a bool mask holds. This and the mask broadcast. */
  maskedScatter(this: Tensor, mask: Tensor, source: Tensor): Tensor {
    if (mask.dtype !== 'bool') throw new DTypeError(`maskedScatter: expected a bool mask, got ${mask.dtype}.`);
    const shape = broadcastShapes('maskedScatter', this.shape, mask.shape);
    const places = mask.expand(shape).reshape([-1]).nonzero().squeeze(1);
    const [needed, given] = [places.numel(), source.numel()];
    if (given < needed) {
      throw new ShapeError(
        `maskedScatter: the mask holds in ${needed} places, expected at least as many elements in the source, got ${given}.`,
      );
    }
    const taken = source.reshape([-1]).slice(0, 0, needed);
    return this.expand(shape).reshape([-1]).indexCopy(0, places, taken).reshape(shape);
  },
  /** The elements at int32 positions in row-major order, in the shape of the index. */
  take(this: Tensor, index: Tensor): Tensor {
    const flat = positions(index, this.numel()).reshape([-1]);
    return this.reshape([-1]).indexSelect(0, flat).reshape(index.shape);
  },
  /** This at index[i, j] along a dimension, the index broadcast to the other dimensions. */
  takeAlongDim(this: Tensor, index: Tensor, dim: number): Tensor {
    const d = resolveDim('takeAlongDim', dim, this.shape.length);
    return this.gather(d, index.expand(this.shape.with(d, index.shape[d])));
  },
  /**
   * Indexing as with brackets in PyTorch, one entry per dimension: a number picks one position, null keeps the dimension, int32
   * tensors pick element by element (they broadcast together, and their shape stands where the first one was); a bool tensor
   * picks where it holds and covers as many dimensions as it has.
   */
  index(this: Tensor, ...given: readonly Index[]): Tensor {
    const entries: Index[] = [];
    for (const entry of given) {
      if (entry !== null && typeof entry !== 'number' && !(entry instanceof Tensor)) {
        throw new DTypeError(
          `index: expected numbers, null for a whole dimension, int32 or bool tensors, got ${
            Array.isArray(entry) ? 'an array. Make it a tensor' : typeof entry
          }.`,
        );
      }
      if (entry === null || typeof entry === 'number' || entry.dtype !== 'bool') entries.push(entry);
      else {
        const covered = this.shape.slice(entries.length, entries.length + entry.shape.length);
        if (!sameShape(entry.shape, covered)) {
          throw new ShapeError(
            `index: a mask of shape ${showShape(entry.shape)} at dimension ${entries.length} of ${showShape(this.shape)}; ` +
              `expected ${showShape(covered)}.`,
          );
        }
        entries.push(...entry.nonzero().unbind(1));
      }
    }
    if (entries.length > this.shape.length) {
      throw new ShapeError(`index: ${entries.length} indices for ${this.shape.length} dimensions.`);
    }
    const picked = [...entries.keys()].filter((d) => entries[d] !== null && typeof entries[d] !== 'number');
    if (picked.length === 0) {
      return entries.reduceRight<Tensor>((x, entry, d) => (typeof entry === 'number' ? x.select(d, entry) : x), this);
    }
    const all = [...entries.keys()].filter((d) => entries[d] !== null);
    const together = all.every((d, i) => d === all[0] + i);
    const tensors = all.map((d) => {
      const entry = entries[d]!;
      return positions(typeof entry === 'number' ? this.newTensor([entry], [], 'int32') : entry, this.shape[d]);
    });
    const shape = tensors.reduce<readonly number[]>((s, t) => broadcastShapes('index', s, t.shape), []);
    const rest = [...this.shape.keys()].filter((d) => !all.includes(d));
    const front = this.permute([...all, ...rest]);
    // One flat position in the dimensions that are picked from.
    let flat = tensors[0].expand(shape);
    for (let i = 1; i < all.length; i++) flat = flat.mul(this.shape[all[i]]).add(tensors[i]);
    const rows = front.reshape([sizeOf(all.map((d) => this.shape[d])), ...rest.map((d) => this.shape[d])]);
    const found = rows.indexSelect(0, flat.reshape([-1])).reshape([...shape, ...rest.map((d) => this.shape[d])]);
    // PyTorch: the picked dimensions stay in place if they are neighbours, else they come first.
    const at = together ? all[0] : 0;
    const order = [...found.shape.keys()];
    return found.permute([
      ...order.slice(shape.length, shape.length + at),
      ...order.slice(0, shape.length),
      ...order.slice(shape.length + at),
    ]);
  },
  /** The elements where a bool mask of the same shape holds, as a vector in row-major order. */
  maskedSelect(this: Tensor, mask: Tensor): Tensor {
    const positions = mask.broadcastTo(this.shape).reshape([-1]).nonzero().reshape([-1]);
    return this.reshape([-1]).indexSelect(0, positions);
  },
  /** int32 [count, dimensions]: the positions of the elements that are not 0. */
  nonzero(this: Tensor): Tensor {
    const found: number[] = [];
    let index = 0;
    for (const value of this.toFlat()) {
      if (value !== 0) {
        let rest = index;
        const position = this.shape.map(() => 0);
        for (let d = this.shape.length - 1; d >= 0; d--) {
          position[d] = rest % this.shape[d];
          rest = Math.floor(rest / this.shape[d]);
        }
        found.push(...position);
      }
      index++;
    }
    const rank = this.shape.length;
    return this.newTensor(found, [rank === 0 ? 0 : found.length / rank, rank], 'int32');
  },
  /** Reverses the order along one or several dimensions: `flip(0)`, `flip(0, 1)` or `flip([0, 1])`. */
  flip(this: Tensor, ...dims: Sizes): Tensor {
    return resolveDims('flip', listOf(dims), this.shape.length).reduce<Tensor>(
      (x, dim) => apply('flip', [x], { dim }),
      this,
    );
  },
  /** Shifts along one or several dimensions; what leaves at the end comes in at the start. Without any, in row-major order. */
  roll(this: Tensor, shifts: Dims, dims?: Dims): Tensor {
    if (dims === undefined) return this.reshape([-1]).roll(shifts, 0).reshape(this.shape);
    const by = typeof shifts === 'number' ? [shifts] : shifts;
    const along = typeof dims === 'number' ? [dims] : dims;
    if (by.length !== along.length) {
      throw new ShapeError(`roll: ${by.length} shifts for ${along.length} dimensions.`);
    }
    return along.reduce<Tensor>((x, dim, i) => {
      const d = resolveDim('roll', dim, x.shape.length);
      const n = x.shape[d];
      const cut = n === 0 ? 0 : (((n - by[i]) % n) + n) % n;
      return apply('cat', [x.slice(d, cut), x.slice(d, 0, cut)], { dim: d });
    }, this);
  },
  /** Zero above a diagonal of the last two dimensions. */
  tril(this: Tensor, diagonal = 0): Tensor {
    return apply('triangle', [this], { diagonal, upper: false });
  },
  /** Zero below a diagonal of the last two dimensions. */
  triu(this: Tensor, diagonal = 0): Tensor {
    return apply('triangle', [this], { diagonal, upper: true });
  },
};
