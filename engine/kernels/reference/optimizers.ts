import type { Numbers } from '../../tensor/dtype.ts';
import { type Row, statistics } from './statistics.ts';

export interface SgdStep {
  readonly lr: number;
  readonly weightDecay: number;
  readonly momentum: number;
  /** How much of the gradient goes into the velocity. */
  readonly fresh: number;
  readonly nesterov: boolean;
}

export interface AdamStep {
  /** What the parameter is multiplied by first. */
  readonly shrink: number;
  /** How much of the parameter is added to the gradient. */
  readonly weightDecay: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  /** lr/(1 − β₁ᵗ). */
  readonly rate: number;
  /** √(1 − β₂ᵗ). */
  readonly correction: number;
}

/** Takes the step that `update` is, and puts what there is to say of it into `row`, unless nobody asks (null). */
function measured(p: Numbers, g: Numbers, row: Row | null, update: () => void): void {
  if (row === null) {
    update();
    return;
  }
  const before = p.slice();
  statistics.measureParameter(p, g, before, row);
  update();
  statistics.measureUpdate(p, before, row);
}

/** Each step can tell statistics on the way: `row`, as in `measureParameter`, is null where nobody asks. */
export const optimizers = {
  /** v ← momentum·v + fresh·d, p ← p − lr·v, with d = g + weightDecay·p; without a velocity p ← p − lr·d. */
  sgd(p: Numbers, g: Numbers, velocity: Numbers | null, step: SgdStep, row: Row | null): void {
    measured(p, g, row, () => sgd(p, g, velocity, step));
  },

  /** m ← β₁m + (1 − β₁)d, v ← β₂v + (1 − β₂)d², p ← p − rate·m/(√v/correction + eps); `top` keeps the greatest v. */
  adam(
    p: Numbers,
    g: Numbers,
    mean: Numbers,
    square: Numbers,
    top: Numbers | null,
    step: AdamStep,
    row: Row | null,
  ): void {
    measured(p, g, row, () => adam(p, g, mean, square, top, step));
  },
};

function sgd(p: Numbers, g: Numbers, velocity: Numbers | null, step: SgdStep): void {
  const { lr, weightDecay, momentum, fresh, nesterov } = step;
  for (let i = 0; i < p.length; i++) {
    const d = weightDecay === 0 ? g[i] : g[i] + weightDecay * p[i];
    if (velocity === null) {
      p[i] -= lr * d;
      continue;
    }
    velocity[i] = momentum * velocity[i] + fresh * d;
    p[i] -= lr * (nesterov ? d + momentum * velocity[i] : velocity[i]);
  }
}

function adam(p: Numbers, g: Numbers, mean: Numbers, square: Numbers, top: Numbers | null, step: AdamStep): void {
  const { shrink, weightDecay, betas, eps, rate, correction } = step;
  const [b1, b2] = betas;
  for (let i = 0; i < p.length; i++) {
    p[i] *= shrink;
    const d = g[i] + weightDecay * p[i];
    mean[i] = b1 * mean[i] + (1 - b1) * d;
    square[i] = b2 * square[i] + (1 - b2) * d * d;
    if (top !== null) top[i] = Math.max(top[i], square[i]);
    p[i] -= (rate * mean[i]) / (Math.sqrt(top === null ? square[i] : top[i]) / correction + eps);
  }
}
