import type { OperationFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import type { ActivationStatistic } from '../../run/statistics.ts';
import { roleOf } from './gains.ts';
import { SHAPING } from './shaping.ts';

/** A statistic of an operation's output where it was measured. */
export interface Measured {
  readonly step: number;
  readonly value: number;
}

export const seriesOf = (run: Run, { id }: OperationFrame, statistic: ActivationStatistic): Measured[] =>
  run.history.steps
    .map((step) => ({ step: step.step, value: run.operationAt(step, id)(statistic) }))
    .filter(({ value }) => !Number.isNaN(value));

/** The layer whose output an activation takes, by which people know it. */
export const layerOf = ({ follows, layer }: OperationFrame): number | null => follows ?? layer;

/** True if weights are applied to what an activation gives: it isn't the answer of the model. */
export const isHidden = (run: Run, activation: OperationFrame): boolean =>
  run.operations.some(
    ({ id, operation, follows }) =>
      id > activation.id &&
      roleOf(operation) === 'weights' &&
      follows !== null &&
      (follows === activation.layer || follows === activation.follows),
  );

/** What may lie between an activation and the layer that takes it, beside operations that only shape. */
const BETWEEN: ReadonlySet<string> = new Set(['maxPool2d', 'avgPool2d', 'dropout', 'batchNorm', 'layerNorm']);

/** An activation after one layer whose outputs the weights of another one take: no gate, and no answer. */
export function feedsLayer(run: Run, { id, follows }: OperationFrame): boolean {
  const next = run.operations.slice(id + 1).find(({ operation }) => !SHAPING.has(operation) && !BETWEEN.has(operation));
  return follows !== null && next?.follows != null && next.layer !== null && /^(?:linear|conv)/.test(next.operation);
}
