import type { Numbers } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Group, Optimizer, type State } from './optimizer.ts';

export interface AdamOptions {
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

const defaults: Required<AdamOptions> = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false };

/**
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², p ← p − lr·m̂/(√v̂ + eps), with m̂ = m/(1 − β₁ᵗ) and v̂ likewise
 * (Kingma & Ba 2014, algorithm 1).
 */
export class Adam extends Optimizer<Required<AdamOptions>> {
  constructor(params: Iterable<Tensor> | Iterable<Group<AdamOptions>>, options: AdamOptions = {}) {
    super(params as Iterable<Tensor>, { ...defaults, ...options });
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

/** Adam with Nesterov's look-ahead (Dozat 2016), in PyTorch's form with its momentum schedule. */
export class NAdam extends Optimizer<Required<AdamOptions> & { momentumDecay: number }> {
  readonly #product = new WeakMap<State, number>();

  constructor(
    params: Iterable<Tensor> | Iterable<Group<AdamOptions>>,
    options: AdamOptions & { momentumDecay?: number } = {},
  ) {
    super(params as Iterable<Tensor>, { ...defaults, lr: 2e-3, momentumDecay: 4e-3, ...options });
  }

  protected override update(
    p: Numbers,
    g: Numbers,
    state: State,
    o: Required<AdamOptions> & { momentumDecay: number },
  ): void {
    const [b1, b2] = o.betas;
    const [mean, square] = [state.array('mean'), state.array('square')];
    // μₜ = β₁(1 − 0.96^(t·decay)/2)
    const mu = (t: number) => b1 * (1 - 0.5 * 0.96 ** (t * o.momentumDecay));
    const product = (this.#product.get(state) ?? 1) * mu(state.step);
    this.#product.set(state, product);
    const next = mu(state.step + 1);
    const correction = 1 - b2 ** state.step;
    for (let i = 0; i < p.length; i++) {
      const d = g[i] + o.weightDecay * p[i];
      mean[i] = b1 * mean[i] + (1 - b1) * d;
      square[i] = b2 * square[i] + (1 - b2) * d * d;
      const ahead = ((1 - mu(state.step)) / (1 - product)) * d + (next / (1 - product * next)) * mean[i];
      p[i] -= (o.lr * ahead) / (Math.sqrt(square[i] / correction) + o.eps);
    }
  }
}
