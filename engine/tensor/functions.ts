import type { Unique, UniqueOptions } from './methods/counting.ts';
import './methods/install.ts';
import type { Operand } from './convert.ts';
import type { TensorMethods } from './methods/install.ts';
import type { Found, KeepGiven } from './methods/reduce.ts';
import { Tensor } from './tensor.ts';

/** A method as a function of the tensor it would be called on. */
type AsFunction<M> = M extends (this: Tensor, ...args: infer A) => infer R ? (input: Tensor, ...args: A) => R : never;

// What PyTorch offers both as x.exp() and as torch.exp(x).
const names = [
  ...([
    'abs',
    'acos',
    'acosh',
    'asin',
    'asinh',
    'atan',
    'atanh',
    'ceil',
    'clamp',
    'cos',
    'cosh',
    'erf',
    'exp',
  ] as const),
  ...([
    'expm1',
    'floor',
    'isfinite',
    'isinf',
    'isnan',
    'log',
    'log10',
    'log1p',
    'log2',
    'logicalNot',
    'nanToNum',
  ] as const),
  ...([
    'neg',
    'reciprocal',
    'relu',
    'round',
    'rsqrt',
    'sigmoid',
    'sign',
    'sin',
    'sinh',
    'sqrt',
    'square',
    'tan',
  ] as const),
  ...(['tanh', 'trunc', 'add', 'sub', 'mul', 'div', 'remainder', 'pow', 'maximum', 'minimum', 'atan2', 'eq'] as const),
  ...(['ne', 'lt', 'le', 'gt', 'ge', 'logicalAnd', 'logicalOr', 'logicalXor', 'logaddexp', 'isclose'] as const),
  ...(['allclose', 'equal', 'lerp', 'addcmul', 'addcdiv', 'sum', 'mean', 'var', 'std', 'prod', 'any'] as const),
  ...([
    'all',
    'amax',
    'amin',
    'argmax',
    'argmin',
    'norm',
    'logsumexp',
    'softmax',
    'cumsum',
    'cumprod',
    'sort',
  ] as const),
  ...(['argsort', 'topk', 'kthvalue', 'matmul', 'mm', 'bmm', 'mv', 'dot', 'outer', 'addmm', 'addmv'] as const),
  ...([
    'baddbmm',
    'trace',
    'diag',
    'diagEmbed',
    'inverse',
    'det',
    'reshape',
    'flatten',
    'permute',
    'transpose',
  ] as const),
  ...(['squeeze', 'unsqueeze', 'movedim', 'broadcastTo', 'tile', 'repeatInterleave', 'select', 'narrow'] as const),
  ...(['split', 'chunk', 'unbind', 'diagonal', 'clone', 'flip', 'roll', 'tril', 'triu', 'indexSelect'] as const),
  ...(['gather', 'scatter', 'scatterAdd', 'indexAdd', 'take', 'takeAlongDim', 'maskedSelect', 'nonzero'] as const),
  ...([
    'floorDivide',
    'erfinv',
    'lgamma',
    'digamma',
    'frac',
    'fmod',
    'mode',
    'bincount',
    'indexCopy',
    'maskedScatter',
    'indexPut',
  ] as const),
] as const;

type Name = (typeof names)[number];

const functions = Object.fromEntries(
  names.map((name) => [
    name,
    (input: Tensor, ...args: unknown[]): unknown =>
      (Tensor.prototype[name] as (...args: unknown[]) => unknown).apply(input, args),
  ]),
) as { readonly [K in Name]: AsFunction<TensorMethods[K]> };

export const {
  abs,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atanh,
  ceil,
  clamp,
  cos,
  cosh,
  erf,
  exp,
  expm1,
  floor,
  isfinite,
  isinf,
  isnan,
  log,
  log10,
  log1p,
  log2,
  logicalNot,
  nanToNum,
  neg,
  reciprocal,
  relu,
  round,
  rsqrt,
  sigmoid,
  sign,
  sin,
  sinh,
  sqrt,
  square,
  tan,
  tanh,
  trunc,
  add,
  sub,
  mul,
  div,
  remainder,
  pow,
  maximum,
  minimum,
  atan2,
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  logicalAnd,
  logicalOr,
  logicalXor,
  logaddexp,
  isclose,
  allclose,
  equal,
  lerp,
  addcmul,
  addcdiv,
  sum,
  mean,
  std,
  prod,
  any,
  all,
  amax,
  amin,
  argmax,
  argmin,
  norm,
  logsumexp,
  softmax,
  cumsum,
  cumprod,
  sort,
  argsort,
  topk,
  kthvalue,
  matmul,
  mm,
  bmm,
  mv,
  dot,
  outer,
  addmm,
  addmv,
  baddbmm,
  trace,
  diag,
  diagEmbed,
  inverse,
  det,
  reshape,
  flatten,
  permute,
  transpose,
  squeeze,
  unsqueeze,
  movedim,
  broadcastTo,
  tile,
  repeatInterleave,
  select,
  narrow,
  split,
  chunk,
  unbind,
  diagonal,
  clone,
  flip,
  roll,
  tril,
  triu,
  indexSelect,
  gather,
  scatter,
  scatterAdd,
  indexAdd,
  take,
  takeAlongDim,
  maskedSelect,
  nonzero,
  floorDivide,
  erfinv,
  lgamma,
  digamma,
  frac,
  fmod,
  mode,
  bincount,
  indexCopy,
  maskedScatter,
  indexPut,
} = functions;

type WithDim = [dim: number, options?: KeepGiven];
type Extremes = {
  (input: Tensor, other?: Tensor): Tensor;
  (input: Tensor, ...args: WithDim): Found;
};

// With a dimension these answer values and indices, without one a tensor.
export const max = ((input: Tensor, ...args: WithDim) => input.max(...args)) as Extremes;
export const min = ((input: Tensor, ...args: WithDim) => input.min(...args)) as Extremes;
export const median = ((input: Tensor, ...args: WithDim) => input.median(...args)) as Extremes;

export const where = ((condition: Tensor, x?: Operand, y?: Operand) =>
  x === undefined ? condition.where() : condition.where(x, y!)) as {
  (condition: Tensor): Tensor[];
  (condition: Tensor, x: Operand, y: Operand): Tensor;
};

// With a choice of answers too.
export const unique = ((input: Tensor, options: UniqueOptions = {}) => input.unique(options)) as {
  (input: Tensor, options?: UniqueOptions & { returnInverse?: false; returnCounts?: false }): Tensor;
  (input: Tensor, options: UniqueOptions): Unique;
};
/** PyTorch's order of arguments. */
export const polygamma = (order: number, input: Tensor): Tensor => input.polygamma(order);

// A reserved word as a variable, but a fine name for an export.
const { var: variance } = functions;

export { variance as var };
