import type { OperationFrame, StepFrame } from '../run/frame.ts';
import type { Run } from '../run/run.ts';

/** What an operation is to the gradient that passes through it. */
export type OperationRole = 'activation' | 'weights' | 'normalization' | 'other';

const ROLES: { readonly [operation: string]: OperationRole } = {
  sigmoid: 'activation',
  logSigmoid: 'activation',
  tanh: 'activation',
  relu: 'activation',
  gelu: 'activation',
  silu: 'activation',
  leakyRelu: 'activation',
  elu: 'activation',
  softmax: 'activation',
  clamp: 'activation',
  linear: 'weights',
  matmul: 'weights',
  mm: 'weights',
  conv2d: 'weights',
  batchNorm: 'normalization',
  layerNorm: 'normalization',
};

export const roleOf = (operation: string): OperationRole => ROLES[operation] ?? 'other';

/** How much one operation multiplied the gradient on its way back, in decades: log10 of its gain. */
export interface Gain {
  readonly operation: OperationFrame;
  readonly decades: number;
}

/** The gains measured at a step, as far as they are finite and positive, in order of execution. */
export function gainsAt(run: Run, step: StepFrame): Gain[] {
  const gains: Gain[] = [];
  for (const id of step.operations.ids) {
    const operation = run.operations[id];
    const decades = Math.log10(run.operationAt(step, id)('gain'));
    if (operation && Number.isFinite(decades)) gains.push({ operation, decades });
  }
  return gains;
}

/** The gains of the first step from `from` on at which they were measured (they are sampled); none if there is none. */
export function gainsFrom(run: Run, from: number): Gain[] {
  for (const step of run.history.steps) {
    if (step.step < from || step.operations.ids.length === 0) continue;
    const gains = gainsAt(run, step);
    if (gains.length) return gains;
  }
  return [];
}

/** Sums gains by what `key` says of their operation; null leaves one out. */
export function sumBy<K>(gains: readonly Gain[], key: (operation: OperationFrame) => K | null): Map<K, number> {
  const sums = new Map<K, number>();
  for (const { operation, decades } of gains) {
    const of = key(operation);
    if (of !== null) sums.set(of, (sums.get(of) ?? 0) + decades);
  }
  return sums;
}
