import type { Numbers } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Group, Optimizer, type State } from './optimizer.ts';

export interface ASGDOptions {
  /** Default 1e-2. */
  lr?: number;
  /** How much the parameter shrinks, and how fast the rate falls. Default 1e-4. */
  lambd?: number;
  /** The power with which the rate falls. Default 0.75. */
  alpha?: number;
  /** The step at which averaging begins. Default 1e6. */
  t0?: number;
  /** Default 0. */
  weightDecay?: number;
  /** Go up the gradient rather than down. Default false. */
  maximize?: boolean;
}

/**
 * SGD at the rate lr/(1 + lambd·lr·t)^alpha that also keeps the mean of the parameters since step t0 (Polyak & Juditsky 1992). The
 * mean is `stateDict().state[i].ax`.
 */
export class ASGD extends Optimizer<Required<ASGDOptions>> {
  constructor(params: Iterable<Tensor> | Iterable<Group<ASGDOptions>>, options: ASGDOptions = {}) {
    super(
      params as Iterable<Tensor>,
      {
        lr: 1e-2,
        lambd: 1e-4,
        alpha: 0.75,
        t0: 1e6,
        weightDecay: 0,
        maximize: false,
      },
      options,
    );
  }

  protected override update(p: Numbers, g: Numbers, state: State, o: Required<ASGDOptions>): void {
    const [rate, share, mean] = [state.array('eta', o.lr, 1), state.array('mu', 1, 1), state.array('ax')];
    for (let i = 0; i < p.length; i++) {
      const d = g[i] + o.weightDecay * p[i];
      p[i] = p[i] * (1 - o.lambd * rate[0]) - rate[0] * d;
      mean[i] = share[0] === 1 ? p[i] : mean[i] + share[0] * (p[i] - mean[i]);
    }
    rate[0] = o.lr / (1 + o.lambd * o.lr * state.step) ** o.alpha;
    share[0] = 1 / Math.max(1, state.step - o.t0);
  }
}
