import type { Tensor } from '../../tensor/tensor.ts';
import { checkPair, type LossOptions, reduce } from './reduction.ts';

/** ‖x − y + eps‖ₚ along the last dimension. PyTorch adds eps so that the norm has a derivative where the two are equal. */
export function pairwiseDistance(
  x: Tensor,
  y: Tensor,
  {
    p = 2,
    eps = 1e-6,
    keepdim = false,
  }: { readonly p?: number; readonly eps?: number; readonly keepdim?: boolean } = {},
): Tensor {
  return x.sub(y).add(eps).norm(-1, { p, keepdim });
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
  {
    reduction,
    margin = 1,
    swap = false,
    distanceFunction = pairwiseDistance,
  }: TripletOptions & { readonly distanceFunction?: Distance } = {},
): Tensor {
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
  { p, eps, ...options }: TripletOptions & { readonly p?: number; readonly eps?: number } = {},
): Tensor {
  const distanceFunction: Distance = (a, b) => pairwiseDistance(a, b, { p, eps });
  return tripletMarginWithDistanceLoss(anchor, positive, negative, { ...options, distanceFunction });
}
