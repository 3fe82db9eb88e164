import { cat, stack } from '../../tensor/create.ts';
import { ArgumentError, ShapeError, showShape } from '../../tensor/errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { known } from './given.ts';
import type { LossOptions } from './reduction.ts';

/** Stands for ln 0; finite, so that differences of two of them are no NaN. */
const never = -1e30;

export interface CtcOptions extends LossOptions {
  /** The class that means "nothing new". Default 0. */
  readonly blank?: number;
  /** Count an infinite loss (a target longer than its input allows) as 0. Default false. */
  readonly zeroInfinity?: boolean;
}

/** −ln p(target) of one sequence of log-probabilities [steps, classes] (Graves et al. 2006, section 4.1, in logarithms). */
function negativeLog(log: Tensor, target: readonly number[], blank: number): Tensor {
  const labels = [blank, ...target.flatMap((label) => [label, blank])];
  const count = labels.length;
  const along = log.newTensor(labels, [count], 'int32');
  const emitted = log.indexSelect(1, along);
  const row = (allowed: (s: number) => boolean): Tensor =>
    log.newTensor(
      labels.map((_, s) => (allowed(s) ? 0 : never)),
      [count],
    );
  // From two labels back one may come unless that skips a label, or both are the same one.
  const skip = row((s) => s >= 2 && labels[s] !== blank && labels[s] !== labels[s - 2]);
  const shifted = (alpha: Tensor, by: number): Tensor => {
    const gone = Math.min(by, count);
    return cat([log.newTensor(new Float64Array(gone).fill(never), [gone]), alpha.slice(0, 0, count - gone)]);
  };
  let alpha = emitted.select(0, 0).add(row((s) => s < 2));
  for (let t = 1; t < log.shape[0]; t++) {
    const ways = stack([alpha, shifted(alpha, 1), shifted(alpha, 2).add(skip)]);
    alpha = ways.logsumexp(0).add(emitted.select(0, t));
  }
  return alpha
    .slice(0, Math.max(0, count - 2))
    .logsumexp(0)
    .neg();
}

/**
 * Connectionist temporal classification: −ln of the sum over all alignments of a target with a sequence of log-probabilities
 * [steps, n, classes]. Targets are int32 [n, longest], or one after the other [all]; lengths are numbers, or an int32 tensor. The mean divides each loss by its target's length.
 */
export function ctcLoss(
  logProbabilities: Tensor,
  targets: Tensor,
  givenInputLengths: readonly number[] | Tensor,
  givenTargetLengths: readonly number[] | Tensor,
  options: CtcOptions = {},
): Tensor {
  const {
    blank = 0,
    zeroInfinity = false,
    reduction = 'mean',
  } = known('ctcLoss', options, ['blank', 'zeroInfinity', 'reduction']);
  const [steps, n] = logProbabilities.shape;
  const [inputLengths, targetLengths] = [givenInputLengths, givenTargetLengths].map((lengths) =>
    lengths instanceof Tensor ? Array.from(lengths.toFlat()) : lengths,
  );
  if (
    logProbabilities.shape.length !== 3 ||
    !(targets.shape.length === 1 || (targets.shape.length === 2 && targets.shape[0] === n))
  ) {
    throw new ShapeError(
      `ctcLoss: expected log-probabilities [steps, n, classes] and targets [n, longest] or [all], got ` +
        `${showShape(logProbabilities.shape)} and ${showShape(targets.shape)}.`,
    );
  }
  if (inputLengths.length !== n || targetLengths.length !== n || inputLengths.some((length) => length > steps)) {
    throw new ArgumentError(`ctcLoss: expected ${n} input lengths of at most ${steps}, and ${n} target lengths.`);
  }
  const losses = targetLengths.map((length, i) => {
    const start = targetLengths.slice(0, i).reduce((a, b) => a + b, 0);
    const listed =
      targets.shape.length === 1 ? targets.slice(0, start, start + length) : targets.select(0, i).slice(0, 0, length);
    const target = Array.from(listed.toFlat());
    const loss = negativeLog(logProbabilities.select(1, i).slice(0, 0, inputLengths[i]), target, blank);
    const impossible = loss.item() > -never / 2;
    return impossible ? loss.detach().mul(zeroInfinity ? 0 : Infinity) : loss;
  });
  const all = stack(losses);
  if (reduction === 'none') return all;
  const lengths = all.newTensor(
    targetLengths.map((length) => Math.max(1, length)),
    [n],
  );
  return reduction === 'sum' ? all.sum() : all.div(lengths).mean();
}
