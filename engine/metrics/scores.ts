import type { Numbers } from '../tensor/dtype.ts';
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

/** How often a positive has a greater score than a negative, ties counting half (Mann & Whitney). */
function areaUnderCurve(values: ArrayLike<number>, isPositive: (index: number) => boolean): number {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  let [rankSum, positives] = [0, 0];
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    // Equal scores share the mean of their ranks.
    for (let i = start; i < end; i++) {
      if (!isPositive(order[i])) continue;
      rankSum += (start + end + 1) / 2;
      positives++;
    }
    start = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) throw new ArgumentError('rocAuc: expected positive and negative targets.');
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * The area under the receiver operating characteristic. `scores` [n] of the positives (target not 0); or scores [n, classes] and
 * classes [n]: the mean over the classes, each against the rest.
 * @throws ArgumentError for a NaN score, or unless there are positives and negatives.
 */
export function rocAuc(scores: Tensor, target: Tensor): number {
  const truth = elements(target);
  if (scores.shape.length !== target.shape.length + 1) {
    checkPair('rocAuc', scores, target);
    return areaUnderCurve(finite(scores), (i) => truth[i] !== 0);
  }
  const [n, classes] = scores.shape;
  if (n !== truth.length) checkPair('rocAuc', scores, target);
  const columns = finite(scores.t());
  const areas = Array.from({ length: classes }, (_, c) =>
    areaUnderCurve(columns.subarray(c * n, (c + 1) * n), (i) => truth[i] === c),
  );
  return areas.reduce((a, b) => a + b, 0) / classes;
}

function finite(scores: Tensor): Numbers {
  const values = elements(scores.detach());
  if (values.some((v) => Number.isNaN(v))) throw new ArgumentError('rocAuc: a score is NaN.');
  return values;
}

/**
 * 1 − Σ(y − ŷ)²/Σ(y − mean y)²: the share of the variance that is explained; the mean over the columns of [n, outputs]. Where the
 * target is constant: 1 if it is met exactly, else 0.
 */
export function r2Score(prediction: Tensor, target: Tensor): number {
  checkPair('r2Score', prediction, target);
  const [p, y] = [elements(prediction.detach()), elements(target)];
  const columns = target.shape.length > 1 ? target.shape[target.shape.length - 1] : 1;
  const n = y.length / columns;
  let score = 0;
  for (let c = 0; c < columns; c++) {
    let [sum, residual, total] = [0, 0, 0];
    for (let i = c; i < y.length; i += columns) sum += y[i];
    for (let i = c; i < y.length; i += columns) {
      residual += (y[i] - p[i]) ** 2;
      total += (y[i] - sum / n) ** 2;
    }
    score += total > 0 ? 1 - residual / total : residual > 0 ? 0 : 1;
  }
  return score / columns;
}

/** e^loss, for a mean cross-entropy in nats. */
export const perplexity = (loss: Tensor | number): number => Math.exp(typeof loss === 'number' ? loss : loss.item());

/** |A ∩ B|/|A ∪ B| per class of a segmentation, from int32 classes of equal shape; NaN for a class in neither. As many classes as there are, unless said. */
export function segmentationIou(prediction: Tensor, target: Tensor, count?: number): number[] {
  checkPair('segmentationIou', prediction, target);
  const [p, t] = [elements(prediction), elements(target)];
  const greatest = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => Math.max(a, b), -1);
  const classes = count ?? Math.max(greatest(p), greatest(t)) + 1;
  const [both, either] = [new Float64Array(classes), new Float64Array(classes)];
  const strange = [p, t].flatMap((values) => [...values]).find((c) => !(c in both));
  if (strange !== undefined) throw new ArgumentError(`segmentationIou: ${strange} is no class of 0 … ${classes - 1}.`);
  for (let i = 0; i < p.length; i++) {
    either[p[i]]++;
    if (p[i] === t[i]) both[p[i]]++;
    else either[t[i]]++;
  }
  return Array.from(both, (n, c) => n / either[c]);
}
