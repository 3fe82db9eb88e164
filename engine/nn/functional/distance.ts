import type { Tensor } from '../../tensor/tensor.ts';
import { known } from './given.ts';
import { checkPair, type LossOptions, reduce } from './reduction.ts';

/** ‖x − y + eps‖ₚ along the last dimension. PyTorch adds eps so that the norm has a derivative where the two are equal. */
export function pairwiseDistance(
  x: Tensor,
  y: Tensor,
  options: { readonly p?: number; readonly eps?: number; readonly keepdim?: boolean } = {},
): Tensor {
  const { p = 2, eps = 1e-6, keepdim = false } = known('pairwiseDistance', options, ['p', 'eps', 'keepdim']);
  return x.sub(y).add(eps).norm(p, -1, keepdim);
}

export interface TripletOptions extends LossOptions {
  /** Default 1. */
  readonly margin?: number;
  /** Take the distance between positive and negative where it is the smaller one (Balntas et al. 2016). Default false. */
  readonly swap?: boolean;
}

type Distance = (a: Tensor, b: Tensor) => Tensor;

/** max(0, d(a, p) − d(a, n) + margin): the positive nearer to the anchor than the negative, by any distance. */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletOptions & { readonly distanceFunction?: Distance } = {},
): Tensor {
  const {
    reduction,
    margin = 1,
    swap = false,
    distanceFunction = pairwiseDistance,
  } = known('tripletMarginWithDistanceLoss', options, ['reduction', 'margin', 'swap', 'distanceFunction']);
  checkPair('tripletMarginLoss', anchor, positive);
  checkPair('tripletMarginLoss', anchor, negative);
  const far = distanceFunction(anchor, negative);
  const away = swap ? far.minimum(distanceFunction(positive, negative)) : far;
  return reduce(distanceFunction(anchor, positive).sub(away).add(margin).relu(), reduction);
}

/** max(0, ‖a − p‖ − ‖a − n‖ + margin) over [n, features], by the norm `p`. */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletOptions & { readonly p?: number; readonly eps?: number } = {},
): Tensor {
  const names = ['p', 'eps', 'margin', 'swap', 'reduction'] as const;
  const { p, eps, ...rest } = known('tripletMarginLoss', options, names);
  const distanceFunction: Distance = (a, b) => pairwiseDistance(a, b, { p, eps });
  return tripletMarginWithDistanceLoss(anchor, positive, negative, { ...rest, distanceFunction });
}
