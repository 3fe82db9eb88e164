import type { Numbers } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Group, Optimizer, type State } from './optimizer.ts';

export interface AdamOptions {
  /** Go up the gradient rather than down. Default false. */
  maximize?: boolean;
  /** Default 1e-3. */
  lr?: number;
  /** Decay of the running mean and of the running square. Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Default 1e-8. */
  eps?: number;
  /** Default 0, for AdamW 1e-2. */
  weightDecay?: number;
  /** Divide by the greatest running square so far (Reddi et al. 2018). Default false. */
  amsgrad?: boolean;
}

export const adamDefaults: Required<AdamOptions> = {
  maximize: false,
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
};

/**
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², p ← p − lr·m̂/(√v̂ + eps), with m̂ = m/(1 − β₁ᵗ) and v̂ likewise
 * (Kingma & Ba 2014, algorithm 1).
 */
export class Adam extends Optimizer<Required<AdamOptions>> {
  constructor(params: Iterable<Tensor> | Iterable<Group<AdamOptions>>, options: AdamOptions = {}) {
    super(params as Iterable<Tensor>, { ...adamDefaults, ...options });
  }

  protected override update(p: Numbers, g: Numbers, state: State, options: Required<AdamOptions>): void {
    const { lr, betas, eps, weightDecay, amsgrad } = options;
    const [b1, b2] = betas;
    const [mean, square] = [state.array('mean'), state.array('square')];
    const top = amsgrad ? state.array('top') : square;
    const rate = lr / (1 - b1 ** state.step);
    const correction = Math.sqrt(1 - b2 ** state.step);
    for (let i = 0; i < p.length; i++) {
      const d = g[i] + weightDecay * p[i];
      mean[i] = b1 * mean[i] + (1 - b1) * d;
      square[i] = b2 * square[i] + (1 - b2) * d * d;
      if (amsgrad) top[i] = Math.max(top[i], square[i]);
      p[i] -= (rate * mean[i]) / (Math.sqrt(top[i]) / correction + eps);
    }
  }
}

/** Adam whose weight decay shrinks the parameter directly: p ← p − lr·weightDecay·p (Loshchilov & Hutter 2017). */
export class AdamW extends Adam {
  constructor(params: Iterable<Tensor> | Iterable<Group<AdamOptions>>, options: AdamOptions = {}) {
    super(params, { weightDecay: 1e-2, ...options });
  }

  protected override update(p: Numbers, g: Numbers, state: State, options: Required<AdamOptions>): void {
    const shrink = 1 - options.lr * options.weightDecay;
    for (let i = 0; i < p.length; i++) p[i] *= shrink;
    super.update(p, g, state, { ...options, weightDecay: 0 });
  }
}
