import type { Numbers } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Group, Optimizer, type State } from './optimizer.ts';

export interface RMSpropOptions {
  /** Go up the gradient rather than down. Default false. */
  maximize?: boolean;
  /** Default 1e-2. */
  lr?: number;
  /** Decay of the running square. Default 0.99. */
  alpha?: number;
  /** Default 1e-8. */
  eps?: number;
  /** Default 0. */
  momentum?: number;
  /** Default 0. */
  weightDecay?: number;
  /** Divide by the running standard deviation instead of the root mean square. Default false. */
  centered?: boolean;
}

/** v ← αv + (1 − α)g², p ← p − lr·g/(√v + eps) (Tieleman & Hinton 2012). */
export class RMSprop extends Optimizer<Required<RMSpropOptions>> {
  constructor(params: Iterable<Tensor> | Iterable<Group<RMSpropOptions>>, options: RMSpropOptions = {}) {
    const defaults = {
      maximize: false,
      lr: 1e-2,
      alpha: 0.99,
      eps: 1e-8,
      momentum: 0,
      weightDecay: 0,
      centered: false,
    };
    super(params as Iterable<Tensor>, { ...defaults }, options);
  }

  protected override update(p: Numbers, g: Numbers, state: State, o: Required<RMSpropOptions>): void {
    const [square, mean, velocity] = [state.array('squareAvg'), state.array('gradAvg'), state.array('momentumBuffer')];
    for (let i = 0; i < p.length; i++) {
      const d = g[i] + o.weightDecay * p[i];
      square[i] = o.alpha * square[i] + (1 - o.alpha) * d * d;
      mean[i] = o.centered ? o.alpha * mean[i] + (1 - o.alpha) * d : 0;
      velocity[i] = o.momentum * velocity[i] + d / (Math.sqrt(square[i] - mean[i] * mean[i]) + o.eps);
      p[i] -= o.lr * velocity[i];
    }
  }
}

export interface AdagradOptions {
  /** Go up the gradient rather than down. Default false. */
  maximize?: boolean;
  /** Default 1e-2. */
  lr?: number;
  /** The rate at step t is lr/(1 + (t − 1)·lrDecay). Default 0. */
  lrDecay?: number;
  /** Default 0. */
  weightDecay?: number;
  /** What the sum of squares starts from. Default 0. */
  initialAccumulatorValue?: number;
  /** Default 1e-10. */
  eps?: number;
}

/** s ← s + g², p ← p − lr·g/(√s + eps) (Duchi et al. 2011). */
export class Adagrad extends Optimizer<Required<AdagradOptions>> {
  constructor(params: Iterable<Tensor> | Iterable<Group<AdagradOptions>>, options: AdagradOptions = {}) {
    const defaults = { maximize: false, lr: 1e-2, lrDecay: 0, weightDecay: 0, initialAccumulatorValue: 0, eps: 1e-10 };
    super(params as Iterable<Tensor>, { ...defaults }, options);
  }

  protected override update(p: Numbers, g: Numbers, state: State, o: Required<AdagradOptions>): void {
    const sum = state.array('sum', o.initialAccumulatorValue);
    const rate = o.lr / (1 + (state.step - 1) * o.lrDecay);
    for (let i = 0; i < p.length; i++) {
      const d = g[i] + o.weightDecay * p[i];
      sum[i] += d * d;
      p[i] -= (rate * d) / (Math.sqrt(sum[i]) + o.eps);
    }
  }
}

export interface AdadeltaOptions {
  /** Go up the gradient rather than down. Default false. */
  maximize?: boolean;
  /** Default 1. */
  lr?: number;
  /** Decay of both running squares. Default 0.9. */
  rho?: number;
  /** Default 1e-6. */
  eps?: number;
  /** Default 0. */
  weightDecay?: number;
}

/** Steps in the units of the parameter: Δ = √(u + eps)/√(v + eps)·g, with running squares v of g and u of Δ (Zeiler 2012). */
export class Adadelta extends Optimizer<Required<AdadeltaOptions>> {
  constructor(params: Iterable<Tensor> | Iterable<Group<AdadeltaOptions>>, options: AdadeltaOptions = {}) {
    super(params as Iterable<Tensor>, { maximize: false, lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0 }, options);
  }

  protected override update(p: Numbers, g: Numbers, state: State, o: Required<AdadeltaOptions>): void {
    const [square, moved] = [state.array('squareAvg'), state.array('accDelta')];
    for (let i = 0; i < p.length; i++) {
      const d = g[i] + o.weightDecay * p[i];
      square[i] = o.rho * square[i] + (1 - o.rho) * d * d;
      const delta = (Math.sqrt(moved[i] + o.eps) / Math.sqrt(square[i] + o.eps)) * d;
      moved[i] = o.rho * moved[i] + (1 - o.rho) * delta * delta;
      p[i] -= o.lr * delta;
    }
  }
}
