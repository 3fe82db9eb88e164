import { kernels } from '../kernels/kernels.ts';
import type { BinaryName } from '../kernels/reference/binary.ts';
import { type DType, promote, toFloating } from '../tensor/dtype.ts';
import { broadcastShapes } from '../tensor/shape.ts';
import { type Computed, type None, none, type Rule, type Saves } from './operation.ts';
import { type Sample, type SampleInput, spread, values } from './sample.ts';

interface Binary {
  readonly saves?: Saves;
  readonly dtype?: (a: DType, b: DType) => DType;
  /** What the right operand's samples range over. */
  readonly right?: readonly [low: number, high: number];
  readonly left?: readonly [low: number, high: number];
  readonly special?: readonly Sample<None>[];
}

/** An elementwise function of two tensors, broadcast. The rule needn't sum over what was broadcast. */
export function binary(name: BinaryName, backward: Rule<None> | null, options: Binary = {}): Computed<None> {
  const { saves = [], dtype = promote, left = [-2, 2], right = [-2, 2], special = [] } = options;
  const pair = (a: readonly number[], b: readonly number[]): SampleInput[] => [
    spread(a, ...left),
    spread(b, ...right, 1),
  ];
  return {
    infer: ([x, y]) => ({ shape: broadcastShapes(name, x.shape, y.shape), dtype: dtype(x.dtype, y.dtype) }),
    overwrites: true,
    forward: ([x, y], _, out, shape) => kernels.zip(name, x.storage.data, x, y.storage.data, y, out, shape),
    saves,
    backward,
    samples: () => [
      { inputs: pair([2, 3], [2, 3]), attributes: none },
      { inputs: pair([2, 3], []), attributes: none },
      { inputs: pair([3, 1], [2, 1, 4]), attributes: none },
      ...special,
    ],
  };
}

export const add = binary('add', (g) => [g, g]);
export const sub = binary('sub', (g, { needs }) => [g, needs[1] ? g.neg() : null]);
// (xy)' = x'y + xy'
export const mul = binary(
  'mul',
  (g, { needs, saved }) => [needs[0] ? g.mul(saved(1)) : null, needs[1] ? g.mul(saved(0)) : null],
  { saves: [0, 1] },
);
// (x/y)' = x'/y − y'·x/y²
export const div = binary(
  'div',
  (g, { needs, saved }) => {
    const dx = g.div(saved(1));
    return [dx, needs[1] ? dx.mul(saved(0)).div(saved(1)).neg() : null];
  },
  { saves: [0, 1], dtype: (a, b) => toFloating(promote(a, b)), right: [0.5, 3] },
);

/** xʸ. At y = 0 the derivative in x is 0, also for x = 0. */
export const pow = binary(
  'pow',
  (g, { needs, saved }) => {
    const [x, y] = [saved(0), saved(1)];
    const zero = y.eq(0);
    // (xʸ)' = y·xʸ⁻¹·x' + xʸ·ln x·y'; at x = 0 the limit of the second term is 0
    return [
      needs[0] ? zero.where(0, g.mul(y).mul(x.pow(zero.where(1, y).sub(1)))) : null,
      needs[1]
        ? x
            .eq(0)
            .logicalAnd(y.ge(0))
            .where(0, g.mul(x.pow(y)).mul(x.log()))
        : null,
    ];
  },
  {
    saves: [0, 1],
    left: [0.3, 2],
    special: [
      { inputs: [values([3], [0, -1.5, 0]), values([], [2])], attributes: none, expected: [0, -3, 0] },
      { inputs: [values([2], [0, 3]), values([], [0])], attributes: none, expected: [0, 0] },
    ],
  },
);

/** x − y·⌊x/y⌋: has the sign of y. */
export const remainder = binary(
  'remainder',
  (g, { needs, saved }) => [g, needs[1] ? g.mul(saved(0).div(saved(1)).floor()).neg() : null],
  { saves: [0, 1], right: [0.5, 3] },
);

/** x − y·trunc(x/y): has the sign of x. */
export const fmod = binary(
  'fmod',
  (g, { needs, saved }) => [g, needs[1] ? g.mul(saved(0).div(saved(1)).trunc()).neg() : null],
  { saves: [0, 1], right: [0.5, 3] },
);

// Between equals the gradient is halved.
const share = (g: Parameters<Rule<None>>[0], mine: typeof g, other: typeof g, side: 'gt' | 'lt') =>
  g.mul(mine[side](other).to(g.dtype).add(mine.eq(other).to(g.dtype).mul(0.5)));
const tie: Sample<None> = { inputs: [values([1], [1]), values([1], [1])], attributes: none, expected: [0.5] };
export const maximum = binary(
  'maximum',
  (g, { saved }) => [share(g, saved(0), saved(1), 'gt'), share(g, saved(1), saved(0), 'gt')],
  { saves: [0, 1], special: [tie] },
);
export const minimum = binary(
  'minimum',
  (g, { saved }) => [share(g, saved(0), saved(1), 'lt'), share(g, saved(1), saved(0), 'lt')],
  { saves: [0, 1], special: [tie] },
);

/** The angle of the point (y, x), in radians. */
export const atan2 = binary(
  'atan2',
  (g, { saved }) => {
    const [y, x] = [saved(0), saved(1)];
    const scaled = g.div(x.square().add(y.square()));
    return [scaled.mul(x), scaled.mul(y).neg()];
  },
  { saves: [0, 1], dtype: (a, b) => toFloating(promote(a, b)) },
);

const toBool = { dtype: (): DType => 'bool' };
export const eq = binary('eq', null, toBool);
export const ne = binary('ne', null, toBool);
export const lt = binary('lt', null, toBool);
export const le = binary('le', null, toBool);
export const gt = binary('gt', null, toBool);
export const ge = binary('ge', null, toBool);
export const logicalAnd = binary('logicalAnd', null, toBool);
export const logicalOr = binary('logicalOr', null, toBool);
export const logicalXor = binary('logicalXor', null, toBool);

// The rules of activations as operations of their own: one pass over the elements instead of three.
// g·y(1 − y): its derivative in y is g(1 − 2y)
export const sigmoidBackward = binary(
  'sigmoidBackward',
  (g, { saved, apply }) => [
    apply('sigmoidBackward', [g, saved(1)], none),
    g.mul(saved(0)).mul(saved(1).mul(-2).add(1)),
  ],
  { saves: [0, 1] },
);
// g(1 − y²): its derivative in y is −2gy
export const tanhBackward = binary(
  'tanhBackward',
  (g, { saved, apply }) => [apply('tanhBackward', [g, saved(1)], none), g.mul(saved(0)).mul(saved(1)).mul(-2)],
  { saves: [0, 1] },
);
export const reluBackward = binary(
  'reluBackward',
  (g, { saved, apply }) => [apply('reluBackward', [g, saved(1)], none), null],
  { saves: [0, 1] },
);
// g(Φ + xφ): its derivative in x is gφ(2 − x²)
export const geluBackward = binary(
  'geluBackward',
  (g, { saved, needs, apply }) => {
    const x = saved(1);
    const square = x.square();
    const density = () =>
      square
        .mul(-0.5)
        .exp()
        .mul(1 / Math.sqrt(2 * Math.PI));
    return [
      apply('geluBackward', [g, x], none),
      needs[1] ? g.mul(saved(0)).mul(density()).mul(square.neg().add(2)) : null,
    ];
  },
  { saves: [0, 1] },
);
// gσ(1 + x(1 − σ)): its derivative in x is gσ(1 − σ)(2 + x(1 − 2σ))
export const siluBackward = binary(
  'siluBackward',
  (g, { saved, needs, apply }) => {
    const x = saved(1);
    const s = x.sigmoid();
    const second = () => s.mul(s.neg().add(1)).mul(x.mul(s.mul(-2).add(1)).add(2));
    return [apply('siluBackward', [g, x], none), needs[1] ? g.mul(saved(0)).mul(second()) : null];
  },
  { saves: [0, 1] },
);

/** The loss of a probability x for a target y: −y·ln x − (1 − y)·ln(1 − x), both logarithms at least −100. */
export const probabilityLoss = binary(
  'probabilityLoss',
  (g, { needs, saved }) => {
    const [x, y] = [saved(0), saved(1)];
    const other = x.neg().add(1);
    // Finite also where x is exactly 0 or 1, as PyTorch's: the denominator is at least 1e-12.
    const dx = needs[0] ? g.mul(x.sub(y)).div(x.mul(other).clamp({ min: 1e-12 })) : null;
    const logarithm = (t: typeof x) => t.log().clamp({ min: -100 });
    return [dx, needs[1] ? g.mul(logarithm(other).sub(logarithm(x))) : null];
  },
  {
    saves: [0, 1],
    left: [0.1, 0.9],
    right: [0, 1],
    special: [{ inputs: [values([2], [0, 1]), values([2], [0, 1])], attributes: none, expected: [0, 0] }],
  },
);
