import { kernels } from '../kernels/kernels.ts';
import type { Row } from '../kernels/reference/statistics.ts';
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
  /** Shrink the parameter directly instead of adding to the gradient (Loshchilov & Hutter 2017). Default false, for AdamW true. */
  decoupledWeightDecay?: boolean;
  /** Divide by the greatest running square so far (Reddi et al. 2018). Default false. */
  amsgrad?: boolean;
}

export const adamDefaults: Required<AdamOptions> = {
  maximize: false,
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  decoupledWeightDecay: false,
  amsgrad: false,
};

type Decay = Pick<Required<AdamOptions>, 'lr' | 'weightDecay' | 'decoupledWeightDecay'>;

/** Shrinks the parameter if weight decay is decoupled. @returns What of the parameter is added to the gradient otherwise. */
export function decay(p: Numbers, { lr, weightDecay, decoupledWeightDecay }: Decay): number {
  if (!decoupledWeightDecay) return weightDecay;
  for (let i = 0; i < p.length; i++) p[i] *= 1 - lr * weightDecay;
  return 0;
}

/**
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², p ← p − lr·m̂/(√v̂ + eps), with m̂ = m/(1 − β₁ᵗ) and v̂ likewise
 * (Kingma & Ba 2014, algorithm 1).
 */
export class Adam extends Optimizer<Required<AdamOptions>> {
  constructor(
    params: Iterable<Tensor> | Iterable<Group<AdamOptions>>,
    options: AdamOptions = {},
    defaults = adamDefaults,
  ) {
    super(params as Iterable<Tensor>, defaults, options);
  }

  protected override get measures(): boolean {
    return true;
  }

  protected override update(
    p: Numbers,
    g: Numbers,
    state: State,
    options: Required<AdamOptions>,
    _shape: readonly number[],
    row: Row | null,
  ): void {
    const { lr, betas, eps, weightDecay, decoupledWeightDecay, amsgrad } = options;
    const [b1, b2] = betas;
    const [mean, square] = [state.like(p, 'expAvg'), state.like(p, 'expAvgSq')];
    const step = {
      shrink: decoupledWeightDecay ? 1 - lr * weightDecay : 1,
      weightDecay: decoupledWeightDecay ? 0 : weightDecay,
      betas,
      eps,
      rate: lr / (1 - b1 ** state.step),
      correction: Math.sqrt(1 - b2 ** state.step),
    };
    kernels.adam(p, g, mean, square, amsgrad ? state.like(p, 'maxExpAvgSq') : null, step, row);
  }
}

/** Adam whose weight decay shrinks the parameter directly: p ← p − lr·weightDecay·p (Loshchilov & Hutter 2017). */
export class AdamW extends Adam {
  constructor(params: Iterable<Tensor> | Iterable<Group<AdamOptions>>, options: AdamOptions = {}) {
    super(params, options, { ...adamDefaults, weightDecay: 1e-2, decoupledWeightDecay: true });
  }
}
