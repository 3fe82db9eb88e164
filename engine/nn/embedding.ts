import { cat, stack, zeros } from '../tensor/create.ts';
import { ArgumentError, ShapeError, showShape } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { byName, type Given, known } from './functional/given.ts';
import { rowOf } from './functional/sizes.ts';
import * as F from './functional.ts';
import { normal_ } from './init.ts';
import { Module } from './module.ts';
import { Parameter } from './parameter.ts';

export interface PretrainedOptions extends F.EmbeddingOptions {
  /** Don't train the rows. Default true. */
  readonly freeze?: boolean;
}

/** The rows of a table. */
abstract class Table<Inputs extends unknown[]> extends Module<Inputs, Tensor> {
  /** [count, width]. */
  weight: Parameter;
  /** The row that stays as it is, zeros at first; null for none. */
  readonly paddingIdx: number | null;
  /** Rows that are looked up are first shortened to this norm; null for none. */
  readonly maxNorm: number | null;
  readonly normType: number;

  constructor(count: number, width: number, { paddingIdx = null, maxNorm = null, normType = 2 }: F.EmbeddingOptions) {
    super();
    this.paddingIdx = paddingIdx === null ? null : rowOf(this.constructor.name, paddingIdx, count);
    this.maxNorm = maxNorm;
    this.normType = normType;
    const rows = normal_(zeros([count, width]));
    if (this.paddingIdx !== null) rows.select(0, this.paddingIdx).zero_();
    this.weight = new Parameter(rows);
  }

  protected take(rows: Tensor): this {
    if (rows.shape.length !== 2)
      throw new ShapeError(`fromPretrained: expected rows [count, width], got ${showShape(rows.shape)}.`);
    this.weight = new Parameter(rows.detach());
    return this;
  }

  override describe(): string {
    const { paddingIdx, maxNorm, normType } = this;
    const options = { paddingIdx, maxNorm, normType: normType === 2 ? null : normType };
    const said = Object.entries(options).filter(([, value]) => value !== null);
    return [...this.weight.shape, ...said.map(([name, value]) => `${name}=${value}`)].join(', ');
  }
}

const names = ['paddingIdx', 'maxNorm', 'normType'] as const;

type Rest = Given<[paddingIdx: number | null, maxNorm: number | null, normType: number], F.EmbeddingOptions>;

/** int32 indices [any…] → rows of weight [any…, width]. Initialized N(0, 1). */
export class Embedding extends Table<[indices: Tensor]> {
  constructor(count: number, width: number, ...options: Rest) {
    super(count, width, byName<F.EmbeddingOptions>('Embedding', names, options));
  }

  /** An embedding of given rows [count, width], whose memory it shares; not trained unless `freeze` is false. */
  static fromPretrained(rows: Tensor, ...rest: Given<[freeze: boolean], PretrainedOptions>): Embedding {
    const given = byName<PretrainedOptions>('Embedding.fromPretrained', ['freeze', ...names], rest);
    const { freeze = true, ...options } = given;
    const made = new Embedding(rows.shape[0], rows.shape[1], { ...options }).take(rows);
    made.weight.requiresGrad_(!freeze);
    return made;
  }

  override forward(indices: Tensor): Tensor {
    return F.embedding(indices, this.weight, this);
  }
}

export interface BagOptions extends F.EmbeddingOptions {
  /** How the rows of a bag become one. Default mean. */
  readonly mode?: 'sum' | 'mean' | 'max';
  /** The last offset is where the last bag ends. Default false. */
  readonly includeLastOffset?: boolean;
}

/** int32 indices [n, length], or [all] with the offset of each bag → one row per bag [n, width]. Initialized N(0, 1). */
export class EmbeddingBag extends Table<[indices: Tensor, offsets?: Tensor, perSampleWeights?: Tensor]> {
  readonly mode: 'sum' | 'mean' | 'max';
  readonly includeLastOffset: boolean;

  constructor(count: number, width: number, options: BagOptions = {}) {
    const {
      mode = 'mean',
      includeLastOffset = false,
      ...table
    } = known('EmbeddingBag', options, [...names, 'mode', 'includeLastOffset']);
    super(count, width, table);
    if (!['sum', 'mean', 'max'].includes(mode))
      throw new ArgumentError(`EmbeddingBag: expected the mode sum, mean or max, got ${mode}.`);
    this.mode = mode;
    this.includeLastOffset = includeLastOffset;
  }

  override forward(indices: Tensor, offsets?: Tensor, perSampleWeights?: Tensor): Tensor {
    if (perSampleWeights !== undefined && this.mode !== 'sum')
      throw new ArgumentError(`EmbeddingBag: perSampleWeights are for the mode sum, not ${this.mode}.`);
    const rows = F.embedding(indices.reshape([-1]), this.weight, this);
    const scaled = perSampleWeights === undefined ? rows : rows.mul(perSampleWeights.reshape([-1, 1]));
    const all = Array.from(indices.toFlat());
    const bags = this.bounds(indices, offsets).map(([from, to]) => {
      const kept = Array.from({ length: to - from }, (_, i) => from + i).filter((i) => all[i] !== this.paddingIdx);
      if (kept.length === 0) return rows.newTensor(new Float64Array(rows.shape[1]), [rows.shape[1]]);
      const bag = scaled.indexSelect(0, indices.newTensor(kept, [kept.length], 'int32'));
      if (this.mode === 'max') return bag.max(0).values;
      return this.mode === 'sum' ? bag.sum(0) : bag.mean(0);
    });
    return bags.length === 0 ? cat([rows]).slice(0, 0, 0) : stack(bags);
  }

  /** Where each bag begins and ends. */
  private bounds(indices: Tensor, offsets: Tensor | undefined): [from: number, to: number][] {
    if (indices.shape.length === 2 && offsets === undefined) {
      const [n, length] = indices.shape;
      return Array.from({ length: n }, (_, i) => [i * length, (i + 1) * length]);
    }
    if (indices.shape.length !== 1 || offsets === undefined) {
      throw new ShapeError(
        `EmbeddingBag: expected indices [n, length], or [all] with offsets [n]; got ${showShape(indices.shape)} ` +
          `${offsets === undefined ? 'without' : 'with'} offsets.`,
      );
    }
    const starts = Array.from(offsets.toFlat());
    const ends = [...starts.slice(1), indices.shape[0]];
    const bounds = starts.map((from, i): [number, number] => [from, ends[i]]);
    return this.includeLastOffset ? bounds.slice(0, -1) : bounds;
  }
}
