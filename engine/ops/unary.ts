import { kernels } from '../kernels/kernels.ts';
import { type DType, type Numbers, toFloating } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import { type Computed, type None, none, type Rule, type Saves } from './operation.ts';
import { type SampleInput, spread, values } from './sample.ts';

type Name = Exclude<keyof typeof kernels.unary, 'leakyRelu' | 'elu' | 'clamp' | 'polygamma'>;

interface Unary {
  readonly saves?: Saves;
  readonly dtype?: (input: DType) => DType;
  readonly samples?: readonly SampleInput[];
  /** Special points, each with its derivative. */
  readonly at?: readonly (readonly [x: number, derivative: number])[];
}

/** An elementwise function with derivative `backward`. */
export function unary(name: Name, backward: Rule<None> | null, options: Unary = {}): Computed<None> {
  const { saves = [], dtype = toFloating, samples = [spread([2, 3])], at = [] } = options;
  return {
    infer: ([x]) => ({ shape: x.shape, dtype: dtype(x.dtype) }),
    overwrites: true,
    forward: ([x], _, out: Numbers) => kernels.unary[name](elements(x), out),
    saves,
    backward,
    samples: () => [
      ...samples.map((input) => ({ inputs: [input], attributes: none })),
      ...(at.length > 0
        ? [
            {
              inputs: [
                values(
                  [at.length],
                  at.map(([x]) => x),
                ),
              ],
              attributes: none,
              expected: at.map(([, d]) => d),
            },
          ]
        : []),
    ],
  };
}

const same = (dtype: DType): DType => dtype;
const positive = [spread([2, 3], 0.2, 3)];
const insideOne = [spread([2, 3], -0.9, 0.9)];

export const neg = unary('neg', (g) => [g.neg()], { dtype: same });
export const abs = unary('abs', (g, { saved }) => [g.mul(saved(0).sign())], { saves: [0], dtype: same, at: [[0, 0]] });
export const square = unary('square', (g, { saved }) => [g.mul(saved(0)).mul(2)], { saves: [0], dtype: same });
export const reciprocal = unary('reciprocal', (g, { saved }) => [g.mul(saved(0).square()).neg()], {
  saves: ['output'],
  samples: positive,
});

export const exp = unary('exp', (g, { saved }) => [g.mul(saved(0))], { saves: ['output'], at: [[-Infinity, 0]] });
export const expm1 = unary('expm1', (g, { saved }) => [g.mul(saved(0).add(1))], { saves: ['output'] });
export const log = unary('log', (g, { saved }) => [g.div(saved(0))], {
  saves: [0],
  samples: positive,
  at: [[0, Infinity]],
});
export const log1p = unary('log1p', (g, { saved }) => [g.div(saved(0).add(1))], { saves: [0], samples: positive });
export const log2 = unary('log2', (g, { saved }) => [g.div(saved(0).mul(Math.LN2))], { saves: [0], samples: positive });
export const log10 = unary('log10', (g, { saved }) => [g.div(saved(0).mul(Math.LN10))], {
  saves: [0],
  samples: positive,
});
export const sqrt = unary('sqrt', (g, { saved }) => [g.div(saved(0).mul(2))], {
  saves: ['output'],
  samples: positive,
  at: [[0, Infinity]],
});
// (x^−½)' = −½ x^−3⁄2
export const rsqrt = unary('rsqrt', (g, { saved }) => [g.mul(saved(0).pow(3)).mul(-0.5)], {
  saves: ['output'],
  samples: positive,
});

export const sin = unary('sin', (g, { saved }) => [g.mul(saved(0).cos())], { saves: [0] });
export const cos = unary('cos', (g, { saved }) => [g.mul(saved(0).sin()).neg()], { saves: [0] });
// tan' = 1 + tan²
export const tan = unary('tan', (g, { saved }) => [g.mul(saved(0).square().add(1))], {
  saves: ['output'],
  samples: insideOne,
});
export const asin = unary('asin', (g, { saved }) => [g.mul(saved(0).square().neg().add(1).rsqrt())], {
  saves: [0],
  samples: insideOne,
});
export const acos = unary('acos', (g, { saved }) => [g.mul(saved(0).square().neg().add(1).rsqrt()).neg()], {
  saves: [0],
  samples: insideOne,
});
export const atan = unary('atan', (g, { saved }) => [g.div(saved(0).square().add(1))], { saves: [0] });
export const sinh = unary('sinh', (g, { saved }) => [g.mul(saved(0).cosh())], { saves: [0] });
export const cosh = unary('cosh', (g, { saved }) => [g.mul(saved(0).sinh())], { saves: [0] });
// asinh' = 1/√(x² + 1), acosh' = 1/√(x² − 1), atanh' = 1/(1 − x²)
export const asinh = unary('asinh', (g, { saved }) => [g.mul(saved(0).square().add(1).rsqrt())], { saves: [0] });
export const acosh = unary('acosh', (g, { saved }) => [g.mul(saved(0).square().sub(1).rsqrt())], {
  saves: [0],
  samples: [spread([2, 3], 1.2, 4)],
  at: [[1, Infinity]],
});
export const atanh = unary('atanh', (g, { saved }) => [g.div(saved(0).square().neg().add(1))], {
  saves: [0],
  samples: insideOne,
});
// erf' = 2/√π · e^−x²
export const erf = unary('erf', (g, { saved }) => [g.mul(saved(0).square().neg().exp()).mul(2 / Math.sqrt(Math.PI))], {
  saves: [0],
  samples: [spread([2, 3]), spread([4], 2.4, 3.2)],
});
// erf⁻¹' = √π/2 · e^(y²)
export const erfinv = unary('erfinv', (g, { saved }) => [g.mul(saved(0).square().exp()).mul(Math.sqrt(Math.PI) / 2)], {
  saves: ['output'],
  samples: [spread([2, 3], -0.9, 0.9), spread([3], 0.98, 0.99)],
  at: [
    [0, Math.sqrt(Math.PI) / 2],
    [1, Infinity],
  ],
});

export interface Order {
  /** Which derivative of ψ; 0 is ψ itself. */
  readonly order: number;
}

/** ψ = (ln Γ)' and its derivatives. */
export const polygamma: Computed<Order> = {
  infer: ([x]) => ({ shape: x.shape, dtype: toFloating(x.dtype) }),
  forward: ([x], { order }, out) => kernels.unary.polygamma(elements(x), out, order),
  saves: [0],
  backward: (g, { saved, attributes: { order }, apply }) => [
    g.mul(apply('polygamma', [saved(0)], { order: order + 1 })),
  ],
  samples: () =>
    [0, 1, 2].flatMap((order) => [
      { inputs: [spread([2, 3], 0.6, 4)], attributes: { order } },
      { inputs: [spread([3], -1.7, -1.3)], attributes: { order } },
    ]),
};
export const lgamma = unary('lgamma', (g, { saved, apply }) => [g.mul(apply('polygamma', [saved(0)], { order: 0 }))], {
  saves: [0],
  samples: [spread([2, 3], 0.5, 5), spread([3], -1.7, -1.3)],
  at: [[Infinity, Infinity]],
});

export const frac = unary('frac', (g) => [g], { dtype: same });

// Steps: flat wherever they have a derivative.
const flat: Rule<None> = (g) => [g.mul(0)];
export const sign = unary('sign', flat, { dtype: same, at: [[0, 0]] });
export const floor = unary('floor', flat, { dtype: same });
export const ceil = unary('ceil', flat, { dtype: same });
export const round = unary('round', flat, { dtype: same });
export const trunc = unary('trunc', flat, { dtype: same });

const toBool = (): DType => 'bool';
export const isnan = unary('isnan', null, { dtype: toBool });
export const isfinite = unary('isfinite', null, { dtype: toBool });
export const isinf = unary('isinf', null, { dtype: toBool });
export const logicalNot = unary('logicalNot', null, { dtype: toBool });
