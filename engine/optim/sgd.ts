import { kernels } from '../kernels/kernels.ts';
import type { Row } from '../kernels/reference/statistics.ts';
import type { Numbers } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Group, Optimizer, type State } from './optimizer.ts';

export interface SGDOptions {
  /** Go up the gradient rather than down. Default false. */
  maximize?: boolean;
  /** Default 1e-3. */
  lr?: number;
  /** How much of the last velocity stays. Default 0. */
  momentum?: number;
  /** How much of a new gradient is left out of the velocity. Default 0. */
  dampening?: number;
  /** Adds weightDecay·p to the gradient. Default 0. */
  weightDecay?: number;
  /** Look ahead along the velocity. Default false. */
  nesterov?: boolean;
}

/** v ← μv + (1 − dampening)·g, p ← p − lr·v (Sutskever et al. 2013, in PyTorch's form). The first velocity is g. */
export class SGD extends Optimizer<Required<SGDOptions>> {
  constructor(params: Iterable<Tensor> | Iterable<Group<SGDOptions>>, options: SGDOptions = {}) {
    super(
      params as Iterable<Tensor>,
      {
        lr: 1e-3,
        maximize: false,
        momentum: 0,
        dampening: 0,
        weightDecay: 0,
        nesterov: false,
      },
      options,
    );
  }

  override addParamGroup(group: Group<Required<SGDOptions>>): void {
    super.addParamGroup(group);
    const { nesterov, momentum, dampening } = this.paramGroups[this.paramGroups.length - 1];
    if (!nesterov || (momentum > 0 && dampening === 0)) return;
    this.paramGroups.pop();
    throw new ArgumentError('SGD: nesterov needs a momentum, and no dampening.');
  }

  protected override get measures(): boolean {
    return true;
  }

  protected override update(
    p: Numbers,
    g: Numbers,
    state: State,
    options: Required<SGDOptions>,
    _shape: readonly number[],
    row: Row | null,
  ): void {
    const { lr, weightDecay, momentum, dampening, nesterov } = options;
    const fresh = state.has('momentumBuffer') ? 1 - dampening : 1;
    const velocity = momentum === 0 ? null : state.like(p, 'momentumBuffer');
    kernels.sgd(p, g, velocity, { lr, weightDecay, momentum, fresh, nesterov }, row);
  }
}
