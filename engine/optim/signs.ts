import type { Numbers } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Group, Optimizer, type State } from './optimizer.ts';

// Optimizers that look at the sign of the gradient only.

export interface RpropOptions {
  /** What every element's step length starts from. Default 1e-2. */
  lr?: number;
  /** What a step length is multiplied by when the sign changes, and when it stays. Default [0.5, 1.2]. */
  etas?: readonly [minus: number, plus: number];
  /** The least and greatest step length. Default [1e-6, 50]. */
  stepSizes?: readonly [number, number];
  /** Go up the gradient rather than down. Default false. */
  maximize?: boolean;
}

/**
 * Each element goes its own step length against the sign of its gradient: longer while the sign stays; shorter, and not at all in
 * this step, when it has changed (Riedmiller & Braun 1993). For whole data sets, not for small batches.
 */
export class Rprop extends Optimizer<Required<RpropOptions>> {
  constructor(params: Iterable<Tensor> | Iterable<Group<RpropOptions>>, options: RpropOptions = {}) {
    super(
      params as Iterable<Tensor>,
      {
        lr: 1e-2,
        etas: [0.5, 1.2],
        stepSizes: [1e-6, 50],
        maximize: false,
      },
      options,
    );
  }

  protected override update(p: Numbers, g: Numbers, state: State, o: Required<RpropOptions>): void {
    const [previous, length] = [state.array('prev'), state.array('stepSize', o.lr)];
    for (let i = 0; i < p.length; i++) {
      const turn = Math.sign(g[i] * previous[i]);
      const factor = turn > 0 ? o.etas[1] : turn < 0 ? o.etas[0] : 1;
      length[i] = Math.min(Math.max(length[i] * factor, o.stepSizes[0]), o.stepSizes[1]);
      previous[i] = turn < 0 ? 0 : g[i];
      p[i] -= Math.sign(previous[i]) * length[i];
    }
  }
}

export interface LionOptions {
  /** Go up the gradient rather than down. Default false. */
  maximize?: boolean;
  /** Default 1e-4. */
  lr?: number;
  /** Default [0.9, 0.99]. */
  betas?: readonly [number, number];
  /** Decoupled. Default 0. */
  weightDecay?: number;
}

/** p ← p − lr·(sign(β₁m + (1 − β₁)g) + weightDecay·p), m ← β₂m + (1 − β₂)g (Chen et al. 2023). */
export class Lion extends Optimizer<Required<LionOptions>> {
  constructor(params: Iterable<Tensor> | Iterable<Group<LionOptions>>, options: LionOptions = {}) {
    super(params as Iterable<Tensor>, { maximize: false, lr: 1e-4, betas: [0.9, 0.99], weightDecay: 0 }, options);
  }

  protected override update(
    p: Numbers,
    g: Numbers,
    state: State,
    { lr, betas, weightDecay }: Required<LionOptions>,
  ): void {
    const mean = state.array('expAvg');
    for (let i = 0; i < p.length; i++) {
      p[i] -= lr * (Math.sign(betas[0] * mean[i] + (1 - betas[0]) * g[i]) + weightDecay * p[i]);
      mean[i] = betas[1] * mean[i] + (1 - betas[1]) * g[i];
    }
  }
}
