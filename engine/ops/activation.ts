import { kernels } from '../kernels/kernels.ts';
import { toFloating } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import type { Computed } from './operation.ts';
import { spread, values } from './sample.ts';
import { unary } from './unary.ts';

export const tanh = unary('tanh', (g, { saved, apply }) => [apply('tanhBackward', [g, saved(0)], {})], {
  saves: ['output'],
  at: [[Infinity, 0]],
});

export const sigmoid = unary('sigmoid', (g, { saved, apply }) => [apply('sigmoidBackward', [g, saved(0)], {})], {
  saves: ['output'],
  at: [
    [-800, 0],
    [800, 0],
  ],
});

// (log σ)' = 1 − σ = σ(−x)
export const logSigmoid = unary('logSigmoid', (g, { saved }) => [g.mul(saved(0).neg().sigmoid())], {
  saves: [0],
  at: [
    [-800, 1],
    [800, 0],
  ],
});

export const relu = unary('relu', (g, { saved, apply }) => [apply('reluBackward', [g, saved(0)], {})], {
  saves: ['output'],
  dtype: (input) => input,
  at: [[0, 0]],
});

/** x·Φ(x), the exact form (Hendrycks & Gimpel 2016). */
export const gelu = unary('gelu', (g, { saved, apply }) => [apply('geluBackward', [g, saved(0)], {})], { saves: [0] });

/** x·σ(x) (Elfwing et al. 2017). */
export const silu = unary('silu', (g, { saved, apply }) => [apply('siluBackward', [g, saved(0)], {})], { saves: [0] });

export interface Slope {
  readonly slope: number;
}

export const leakyRelu: Computed<Slope> = {
  infer: ([x]) => ({ shape: x.shape, dtype: toFloating(x.dtype) }),
  forward: ([x], { slope }, out) => kernels.unary.leakyRelu(elements(x), out, slope),
  saves: [0],
  backward: (g, { saved, attributes: { slope } }) => {
    const factor = saved(0)
      .gt(0)
      .to(g.dtype)
      .mul(1 - slope)
      .add(slope);
    return [g.mul(factor)];
  },
  samples: () => [
    { inputs: [spread([2, 3])], attributes: { slope: 0.1 } },
    { inputs: [values([1], [0])], attributes: { slope: 0.1 }, expected: [0.1] },
  ],
};

export interface Alpha {
  readonly alpha: number;
}

/** x above 0, α(eˣ − 1) below (Clevert et al. 2015). */
export const elu: Computed<Alpha> = {
  infer: ([x]) => ({ shape: x.shape, dtype: toFloating(x.dtype) }),
  forward: ([x], { alpha }, out) => kernels.unary.elu(elements(x), out, alpha),
  saves: [0],
  backward: (g, { saved, attributes: { alpha } }) => {
    const x = saved(0);
    const below = x.clamp({ max: 0 }).exp().mul(alpha);
    return [g.mul(x.le(0).where(below, 1))];
  },
  samples: () => [
    { inputs: [spread([2, 3])], attributes: { alpha: 1 } },
    { inputs: [values([2], [0, 200])], attributes: { alpha: 0.7 }, expected: [0.7, 1] },
  ],
};

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Limits to [min, max]; the gradient passes inside and at the borders. */
export const clamp: Computed<Range> = {
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  forward: ([x], { min, max }, out) => kernels.unary.clamp(elements(x), out, min, max),
  saves: [0],
  backward: (g, { saved, attributes: { min, max } }) => {
    const x = saved(0);
    return [g.mul(x.ge(min).logicalAnd(x.le(max)).to(g.dtype))];
  },
  samples: () => [
    { inputs: [spread([2, 3])], attributes: { min: -1, max: 0.5 } },
    { inputs: [values([3], [-1, 1, 2])], attributes: { min: -1, max: 1 }, expected: [1, 1, 0] },
  ],
};
