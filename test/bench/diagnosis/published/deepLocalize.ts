import type { Run } from '../../../../engine/run/run.ts';
import { type Detector, detector } from './detector.ts';
import { add, gradientMean, isUnchanged, outputMean, type Series, weightMean } from './means.ts';
import { gradientsAt, isDense, outputsAt } from './tensors.ts';

/**
 * DeepLocalize (Wardat et al., ICSE 2021), by the callback of its authors (DeepDiagnosis/ICSE2022, `callback/callbacks.py`, class
 * DeepLocalize): after every batch, the means of outputs, of weights and gradients of dense layers, and the loss must be finite,
 * may not be 0 in half of the batches so far, and not be the same in five in a row. Adapted: outputs aren't measured at every
 * step of all runs, so batches are those where they are; of the gradient of an output its norm is recorded, not its mean, and that
 * it stays the same (as that of absolute errors does) says nothing; there is no accuracy.
 */
const IN_A_ROW = 5;
const SHARE_OF_ZEROS = 1 / 2;

function isZeroTooOften(values: readonly number[]): boolean {
  let zeros = 0;
  return values.some((value, i) => value === 0 && ++zeros >= SHARE_OF_ZEROS * (i + 1));
}

const isInvalid = (values: readonly number[]): boolean =>
  values.some((value) => !Number.isFinite(value)) || isZeroTooOften(values);

const isWrongAnywhere = (series: Series): boolean =>
  [...series.values()].some((values) => isInvalid(values) || isUnchanged(values, IN_A_ROW));

function seen(run: Run) {
  const [outputs, gradients, weights, deltas]: Series[] = [new Map(), new Map(), new Map(), new Map()];
  for (const step of run.history.steps) {
    for (const { id, output } of outputsAt(run, step)) {
      add(outputs, id, outputMean(output));
      if (!Number.isNaN(output('gradientNorm'))) add(gradients, id, output('gradientNorm'));
    }
    for (const { of, row } of gradientsAt(run, step)) {
      if (!isDense(run, of)) continue;
      add(weights, of.name, weightMean(row));
      add(deltas, of.name, gradientMean(row));
    }
  }
  return { outputs, gradients, weights, deltas, losses: run.history.steps.map(({ loss }) => loss) };
}

export const deepLocalize: Detector = detector('DeepLocalize', seen, {
  'error in forward': ({ outputs }) => isWrongAnywhere(outputs),
  'error in weights': ({ weights }) => isWrongAnywhere(weights),
  'error in delta weights': ({ deltas }) => isWrongAnywhere(deltas),
  'error in output gradient': ({ gradients }) => [...gradients.values()].some(isInvalid),
  'invalid loss': ({ losses }) => losses.some((loss) => !Number.isFinite(loss)),
  'model does not learn': ({ losses }) => isUnchanged(losses, IN_A_ROW),
});
