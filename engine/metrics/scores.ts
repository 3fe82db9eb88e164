import { elements } from '../tensor/elements.ts';
import { ArgumentError, ShapeError, showShape } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';

function checkPair(name: string, prediction: Tensor, target: Tensor): void {
  if (prediction.numel() === target.numel()) return;
  throw new ShapeError(`${name}: ${showShape(prediction.shape)} and ${showShape(target.shape)} have different sizes.`);
}

/** How often the right class is among the `k` with the greatest scores [n, classes]. */
export function topKAccuracy(scores: Tensor, target: Tensor, k: number): number {
  const best = scores.detach().topk(k, 1).indices;
  return best.eq(target.unsqueeze(1)).any(1).to('float64').mean().item();
}

/**
 * The area under the receiver operating characteristic: how often a positive (target not 0) has a greater score than a negative,
 * ties counting half (Mann & Whitney).
 */
export function rocAuc(scores: Tensor, target: Tensor): number {
  checkPair('rocAuc', scores, target);
  const [values, truth] = [elements(scores.detach()), elements(target)];
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  let [rankSum, positives] = [0, 0];
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    // Equal scores share the mean of their ranks.
    for (let i = start; i < end; i++) {
      if (truth[order[i]] === 0) continue;
      rankSum += (start + end + 1) / 2;
      positives++;
    }
    start = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) throw new ArgumentError('rocAuc: expected positive and negative targets.');
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** 1 − Σ(y − ŷ)²/Σ(y − mean y)²: the share of the variance that is explained. */
export function r2Score(prediction: Tensor, target: Tensor): number {
  checkPair('r2Score', prediction, target);
  const [p, y] = [elements(prediction.detach()), elements(target)];
  let [sum, residual, total] = [0, 0, 0];
  for (const v of y) sum += v;
  for (let i = 0; i < y.length; i++) {
    residual += (y[i] - p[i]) ** 2;
    total += (y[i] - sum / y.length) ** 2;
  }
  return 1 - residual / total;
}

/** e^loss, for a mean cross-entropy in nats. */
export const perplexity = (loss: Tensor | number): number => Math.exp(typeof loss === 'number' ? loss : loss.item());

/** |A ∩ B|/|A ∪ B| per class of a segmentation, from int32 classes of equal shape; NaN for a class in neither. */
export function segmentationIou(prediction: Tensor, target: Tensor, classes: number): number[] {
  checkPair('segmentationIou', prediction, target);
  const [p, t] = [elements(prediction), elements(target)];
  const [both, either] = [new Float64Array(classes), new Float64Array(classes)];
  for (let i = 0; i < p.length; i++) {
    either[p[i]]++;
    if (p[i] === t[i]) both[p[i]]++;
    else either[t[i]]++;
  }
  return Array.from(both, (n, c) => n / either[c]);
}
