import type { Tensor } from '../tensor/tensor.ts';
import { byName, type Given } from './functional/given.ts';
import * as F from './functional.ts';
import { Module } from './module.ts';

interface CosineOptions {
  /** Default 1. */
  readonly dim?: number;
  /** Norms below count as this. Default 1e-8. */
  readonly eps?: number;
}

/** x·y/(‖x‖‖y‖) along a dimension. */
export class CosineSimilarity extends Module<[x: Tensor, y: Tensor], Tensor> {
  readonly options: CosineOptions;

  constructor(...options: Given<[dim: number, eps: number], CosineOptions>) {
    super();
    this.options = byName<CosineOptions>('CosineSimilarity', ['dim', 'eps'], options);
  }

  override forward(x: Tensor, y: Tensor): Tensor {
    return F.cosineSimilarity(x, y, this.options);
  }
}

interface DistanceOptions {
  /** The norm. Default 2. */
  readonly p?: number;
  /** Added to every difference. Default 1e-6. */
  readonly eps?: number;
  /** Default false. */
  readonly keepdim?: boolean;
}

/** ‖x − y + eps‖ₚ along the last dimension. */
export class PairwiseDistance extends Module<[x: Tensor, y: Tensor], Tensor> {
  readonly options: DistanceOptions;

  constructor(...options: Given<[p: number, eps: number, keepdim: boolean], DistanceOptions>) {
    super();
    this.options = byName<DistanceOptions>('PairwiseDistance', ['p', 'eps', 'keepdim'], options);
  }

  override forward(x: Tensor, y: Tensor): Tensor {
    return F.pairwiseDistance(x, y, this.options);
  }
}
