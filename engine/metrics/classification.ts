import { ShapeError, showShape } from '../tensor/errors.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Scores [n, classes] become the class of the greatest; classes [n] stay. */
function classes(prediction: Tensor, target: Tensor): Tensor {
  const predicted = prediction.shape.length === target.shape.length + 1 ? prediction.argmax(1) : prediction;
  if (sameShape(predicted.shape, target.shape)) return predicted;
  throw new ShapeError(
    `metrics: predictions ${showShape(prediction.shape)} don't fit targets ${showShape(target.shape)}: expected classes [n] or scores [n, classes].`,
  );
}

/** The share of right answers. `prediction`: scores [n, classes] or classes [n]; `target`: classes [n]. */
export function accuracy(prediction: Tensor, target: Tensor): number {
  const right = classes(prediction.detach(), target).eq(target);
  return right.sum().item() / right.numel();
}

/** counts[t][p]: how often class t was taken for class p. */
export function confusionMatrix(prediction: Tensor, target: Tensor, count?: number): number[][] {
  const predicted = classes(prediction.detach(), target).reshape([-1]).toFlat();
  const truth = target.reshape([-1]).toFlat();
  const size = count ?? Math.max(...predicted, ...truth) + 1;
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  truth.forEach((t, i) => {
    counts[t][predicted[i]]++;
  });
  return counts;
}

/** Precision, recall and their harmonic mean for each class; 0 where undefined. */
export function f1Scores(prediction: Tensor, target: Tensor): { precision: number; recall: number; f1: number }[] {
  const counts = confusionMatrix(prediction, target);
  return counts.map((row, c) => {
    const found = counts.reduce((sum, other) => sum + other[c], 0);
    const present = row.reduce((sum, n) => sum + n, 0);
    const [precision, recall] = [found > 0 ? row[c] / found : 0, present > 0 ? row[c] / present : 0];
    return { precision, recall, f1: precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0 };
  });
}
