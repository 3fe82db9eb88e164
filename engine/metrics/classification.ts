import { ArgumentError, ShapeError, showShape } from '../tensor/errors.ts';
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
  let most = -1;
  for (const c of [...predicted, ...truth]) {
    if (!Number.isInteger(c) || c < 0 || c >= (count ?? Infinity)) {
      throw new ArgumentError(`confusionMatrix: ${c} is no class of 0 … ${count === undefined ? 'n' : count - 1}.`);
    }
    most = Math.max(most, c);
  }
  const size = count ?? most + 1;
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  truth.forEach((t, i) => {
    counts[t][predicted[i]]++;
  });
  return counts;
}

export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  /** The harmonic mean of precision and recall. */
  readonly f1: number;
  /** How often the class is there. */
  readonly support: number;
  /** How often it was predicted. */
  readonly predicted: number;
}

/** Precision, recall and F1 for each class; 0 where undefined. */
export function f1Scores(prediction: Tensor, target: Tensor): ClassScores[] {
  const counts = confusionMatrix(prediction, target);
  return counts.map((row, c) => {
    const predicted = counts.reduce((sum, other) => sum + other[c], 0);
    const support = row.reduce((sum, n) => sum + n, 0);
    const share = (of: number): number => (of > 0 ? row[c] / of : 0);
    // 2PR/(P + R), from the counts
    return {
      precision: share(predicted),
      recall: share(support),
      f1: 2 * share(predicted + support),
      support,
      predicted,
    };
  });
}

export interface AverageOptions {
  /** Every class alike, by how often it is there, or over all samples (then each is the accuracy). Default macro. */
  readonly average?: 'macro' | 'weighted' | 'micro';
}

const averaged =
  (name: 'precision' | 'recall' | 'f1') =>
  (prediction: Tensor, target: Tensor, { average = 'macro' }: AverageOptions = {}): number => {
    if (average === 'micro') return accuracy(prediction, target);
    // A class that is neither there nor predicted is none.
    const scores = f1Scores(prediction, target).filter(({ support, predicted }) => support + predicted > 0);
    const weights = scores.map(({ support }) => (average === 'weighted' ? support : 1));
    const total = weights.reduce((a, b) => a + b, 0);
    return scores.reduce((sum, score, i) => sum + weights[i] * score[name], 0) / total;
  };

/** How many of those taken for a class belong to it, as one number. */
export const precision = averaged('precision');
/** How many of a class were found, as one number. */
export const recall = averaged('recall');
/** The harmonic mean of precision and recall, as one number. */
export const f1Score = averaged('f1');
