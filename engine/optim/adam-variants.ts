import type { Numbers } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type AdamOptions, adamDefaults, decay } from './adam.ts';
import { type Group, Optimizer, type State } from './optimizer.ts';

type Options = Omit<AdamOptions, 'amsgrad'>;
type AdamaxOptions = Omit<Options, 'decoupledWeightDecay'>;

/** Adam with Nesterov's look-ahead (Dozat 2016), in PyTorch's form with its momentum schedule. */
export class NAdam extends Optimizer<Required<Options> & { momentumDecay: number }> {
  constructor(params: Iterable<Tensor> | Iterable<Group<Options>>, options: Options & { momentumDecay?: number } = {}) {
    super(params as Iterable<Tensor>, { ...adamDefaults, lr: 2e-3, momentumDecay: 4e-3 }, options);
  }

  protected override update(
    p: Numbers,
    g: Numbers,
    state: State,
    o: Required<Options> & { momentumDecay: number },
  ): void {
    const [b1, b2] = o.betas;
    const weightDecay = decay(p, o);
    const [mean, square] = [state.array('expAvg'), state.array('expAvgSq')];
    // μₜ = β₁(1 − 0.96^(t·decay)/2)
    const mu = (t: number) => b1 * (1 - 0.5 * 0.96 ** (t * o.momentumDecay));
    const products = state.array('muProduct', 1, 1);
    products[0] *= mu(state.step);
    const [product] = products;
    const next = mu(state.step + 1);
    const correction = 1 - b2 ** state.step;
    for (let i = 0; i < p.length; i++) {
      const d = g[i] + weightDecay * p[i];
      mean[i] = b1 * mean[i] + (1 - b1) * d;
      square[i] = b2 * square[i] + (1 - b2) * d * d;
      const ahead = ((1 - mu(state.step)) / (1 - product)) * d + (next / (1 - product * next)) * mean[i];
      p[i] -= (o.lr * ahead) / (Math.sqrt(square[i] / correction) + o.eps);
    }
  }
}

/** Adam whose variance is rectified, or left out while it can't be trusted (Liu et al. 2019). */
export class RAdam extends Optimizer<Required<Options>> {
  constructor(params: Iterable<Tensor> | Iterable<Group<Options>>, options: Options = {}) {
    super(params as Iterable<Tensor>, { ...adamDefaults }, options);
  }

  protected override update(p: Numbers, g: Numbers, state: State, o: Required<Options>): void {
    const [b1, b2] = o.betas;
    const weightDecay = decay(p, o);
    const [mean, square] = [state.array('expAvg'), state.array('expAvgSq')];
    const t = state.step;
    const limit = 2 / (1 - b2) - 1;
    const length = limit - (2 * t * b2 ** t) / (1 - b2 ** t);
    const trusted = length > 5;
    const rectified = Math.sqrt(((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length));
    const correction = Math.sqrt(1 - b2 ** t);
    for (let i = 0; i < p.length; i++) {
      const d = g[i] + weightDecay * p[i];
      mean[i] = b1 * mean[i] + (1 - b1) * d;
      square[i] = b2 * square[i] + (1 - b2) * d * d;
      const scale = trusted ? (rectified * correction) / (Math.sqrt(square[i]) + o.eps) : 1;
      p[i] -= (o.lr * mean[i] * scale) / (1 - b1 ** t);
    }
  }
}

/** Adam with the greatest recent gradient in place of the root mean square (Kingma & Ba 2014, section 7.1). */
export class Adamax extends Optimizer<Required<AdamaxOptions>> {
  constructor(params: Iterable<Tensor> | Iterable<Group<AdamaxOptions>>, options: AdamaxOptions = {}) {
    super(params as Iterable<Tensor>, { ...adamDefaults, lr: 2e-3 }, options);
  }

  protected override update(p: Numbers, g: Numbers, state: State, o: Required<AdamaxOptions>): void {
    const [b1, b2] = o.betas;
    const [mean, top] = [state.array('expAvg'), state.array('expInf')];
    const rate = o.lr / (1 - b1 ** state.step);
    for (let i = 0; i < p.length; i++) {
      const d = g[i] + o.weightDecay * p[i];
      mean[i] = b1 * mean[i] + (1 - b1) * d;
      top[i] = Math.max(b2 * top[i], Math.abs(d) + o.eps);
      p[i] -= (rate * mean[i]) / top[i];
    }
  }
}
