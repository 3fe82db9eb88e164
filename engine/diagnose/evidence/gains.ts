import type { OperationFrame, StepFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';

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
  attention: 'activation',
  selfAttention: 'activation',
  clamp: 'activation',
  linear: 'weights',
  matmul: 'weights',
  mm: 'weights',
  conv2d: 'weights',
  batchNorm: 'normalization',
  layerNorm: 'normalization',
};

export const roleOf = (operation: string): OperationRole => ROLES[operation] ?? 'other';

/** The same of a layer, by its class, where only layers were measured. */
export function roleOfLayer(type: string): OperationRole {
  if (/Norm\d?d?$/.test(type)) return 'normalization';
  if (/Linear|Conv|RNN|LSTM|GRU|Attention/.test(type)) return 'weights';
  return /^(Log)?(Sigmoid|Softmax)$|Tanh|^Hard|[EG]LU|SiLU|Mish|Soft(plus|sign|shrink)|Shrink/i.test(type)
    ? 'activation'
    : 'other';
}

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

/** Sums gains by what `key` says of their operation; null leaves one out. */
export function sumBy<K>(gains: readonly Gain[], key: (operation: OperationFrame) => K | null): Map<K, number> {
  const sums = new Map<K, number>();
  for (const { operation, decades } of gains) {
    const of = key(operation);
    if (of !== null) sums.set(of, (sums.get(of) ?? 0) + decades);
  }
  return sums;
}
