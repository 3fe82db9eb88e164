import { zeros } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { byName, type Given } from './functional/given.ts';
import * as F from './functional.ts';
import { defaultUniform_ } from './init.ts';
import { Module } from './module.ts';
import { Parameter } from './parameter.ts';

interface Biased {
  /** Default true. */
  readonly bias?: boolean;
}

/** x [batch…, in] → x·weightᵀ + bias [batch…, out]. Initialized U(±1/√in). */
export class Linear extends Module<[input: Tensor], Tensor> {
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** [out, in]. */
  weight: Parameter;
  /** [out]. */
  bias: Parameter | null;

  constructor(inFeatures: number, outFeatures: number, ...options: Given<[bias: boolean], Biased>) {
    super();
    const { bias = true } = byName<Biased>('Linear', ['bias'], options);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(defaultUniform_(zeros([outFeatures, inFeatures]), inFeatures));
    this.bias = bias ? new Parameter(defaultUniform_(zeros([outFeatures]), inFeatures)) : null;
  }

  override forward(input: Tensor): Tensor {
    return F.linear(input, this.weight, this.bias);
  }

  override describe(): string {
    return `inFeatures=${this.inFeatures}, outFeatures=${this.outFeatures}, bias=${this.bias !== null}`;
  }
}

/** x [batch…, in1], y [batch…, in2] → x·Wₖ·y + bₖ for each output k. Initialized U(±1/√in1). */
export class Bilinear extends Module<[x: Tensor, y: Tensor], Tensor> {
  /** [out, in1, in2]. */
  weight: Parameter;
  /** [out]. */
  bias: Parameter | null;

  constructor(in1: number, in2: number, outFeatures: number, ...options: Given<[bias: boolean], Biased>) {
    super();
    const { bias = true } = byName<Biased>('Bilinear', ['bias'], options);
    this.weight = new Parameter(defaultUniform_(zeros([outFeatures, in1, in2]), in1));
    this.bias = bias ? new Parameter(defaultUniform_(zeros([outFeatures]), in1)) : null;
  }

  override forward(x: Tensor, y: Tensor): Tensor {
    const batch = x.shape.slice(0, -1);
    const [left, right] = [x, y].map((t) => t.reshape([1, -1, t.shape[t.shape.length - 1]]));
    // [1, batch, in1] · [out, in1, in2] ∘ y, summed over in2
    const sums = left
      .matmul(this.weight)
      .mul(right)
      .sum(2)
      .t()
      .reshape([...batch, -1]);
    return this.bias === null ? sums : sums.add(this.bias);
  }

  override describe(): string {
    const [outFeatures, in1, in2] = this.weight.shape;
    return `in1Features=${in1}, in2Features=${in2}, outFeatures=${outFeatures}, bias=${this.bias !== null}`;
  }
}

/** Merges the dimensions start … end (inclusive); by default all but the first. */
export class Flatten extends Module<[input: Tensor], Tensor> {
  readonly start: number;
  readonly end: number;

  constructor(start = 1, end = -1) {
    super();
    this.start = start;
    this.end = end;
  }

  override forward(input: Tensor): Tensor {
    return input.flatten(this.start, this.end);
  }
}

/** Splits one dimension into several. */
export class Unflatten extends Module<[input: Tensor], Tensor> {
  readonly dim: number;
  readonly sizes: readonly number[];

  constructor(dim: number, sizes: readonly number[]) {
    super();
    this.dim = dim;
    this.sizes = sizes;
  }

  override forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.sizes);
  }
}

/** Returns its input. */
export class Identity extends Module<[input: Tensor], Tensor> {
  override forward(input: Tensor): Tensor {
    return input;
  }
}
