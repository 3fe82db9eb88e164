import type { Layout } from '../tensor/shape.ts';
import * as activation from './activation.ts';
import * as attention from './attention.ts';
import * as binary from './binary.ts';
import * as conv from './conv.ts';
import * as copy from './copy.ts';
import * as custom from './custom.ts';
import * as indexing from './indexing.ts';
import { layerNorm } from './layerNorm.ts';
import * as linalg from './linalg.ts';
import * as logitLoss from './logitLoss.ts';
import * as loss from './loss.ts';
import * as lstm from './lstm.ts';
import * as matmul from './matmul.ts';
import * as norm from './norm.ts';
import type { None, Operation } from './operation.ts';
import * as pool from './pool.ts';
import * as recurrent from './recurrent.ts';
import * as reduce from './reduce.ts';
import * as rows from './rows.ts';
import * as unary from './unary.ts';
import * as view from './view.ts';
import * as window from './window.ts';

/** The operations there are, and what each takes besides tensors. */
export interface Attributes {
  neg: None;
  abs: None;
  sign: None;
  square: None;
  reciprocal: None;
  exp: None;
  expm1: None;
  log: None;
  log1p: None;
  log2: None;
  log10: None;
  sqrt: None;
  rsqrt: None;
  sin: None;
  cos: None;
  tan: None;
  asin: None;
  acos: None;
  atan: None;
  sinh: None;
  cosh: None;
  asinh: None;
  acosh: None;
  atanh: None;
  erf: None;
  erfinv: None;
  lgamma: None;
  polygamma: unary.Order;
  floor: None;
  ceil: None;
  round: None;
  trunc: None;
  frac: None;
  isnan: None;
  isfinite: None;
  isinf: None;
  logicalNot: None;
  tanh: None;
  sigmoid: None;
  logSigmoid: None;
  relu: None;
  gelu: None;
  silu: None;
  leakyRelu: activation.Slope;
  elu: activation.Alpha;
  clamp: activation.Range;
  add: None;
  sub: None;
  mul: None;
  div: None;
  pow: None;
  remainder: None;
  fmod: None;
  maximum: None;
  minimum: None;
  atan2: None;
  eq: None;
  ne: None;
  lt: None;
  le: None;
  gt: None;
  ge: None;
  logicalAnd: None;
  logicalOr: None;
  logicalXor: None;
  sigmoidBackward: None;
  lstm: lstm.Direction;
  lstmMemory: None;
  lstmMemoryBackward: None;
  lstmHidden: None;
  lstmHiddenBackward: None;
  gruStep: None;
  gruStepBackward: None;
  tanhBackward: None;
  reluBackward: None;
  geluBackward: None;
  siluBackward: None;
  logitLoss: None;
  probabilityLoss: None;
  crossEntropy: loss.Classes;
  sum: reduce.Reduction;
  mean: reduce.Reduction;
  prod: reduce.Reduction;
  amax: reduce.Reduction;
  amin: reduce.Reduction;
  norm: reduce.Reduction;
  softmax: rows.Dim;
  logSoftmax: rows.Dim;
  logSumExp: rows.Dim;
  cumsum: rows.Dim;
  cumprod: rows.Dim;
  argmax: rows.Dim;
  argmin: rows.Dim;
  argmode: rows.Dim;
  argsort: rows.Order;
  reshape: view.Shape;
  expand: view.Shape;
  permute: view.Permutation;
  slice: view.Slice;
  select: view.Select;
  diagonal: view.Diagonal;
  unfold: view.Windows;
  window: Layout;
  replaceWindow: Layout;
  clone: None;
  cast: copy.Cast;
  cat: rows.Dim;
  flip: rows.Dim;
  place: copy.Place;
  placeDiagonal: view.Diagonal & view.Shape;
  addWindows: view.Windows & { readonly length: number };
  triangle: copy.Triangle;
  indexSelect: rows.Dim;
  gather: rows.Dim;
  indexAdd: indexing.DimSize;
  indexCopy: rows.Dim;
  scatterAdd: indexing.DimSize;
  where: None;
  matmul: None;
  linear: None;
  inverse: None;
  det: None;
  cholesky: None;
  orthonormalize: None;
  singular: None;
  symmetric: None;
  pseudoinverse: linalg.Cutoff;
  conv2d: conv.Convolution;
  conv2dInput: conv.ConvolutionGradient;
  conv2dWeight: conv.ConvolutionGradient;
  maxPool2d: pool.Pooling;
  windowArgmax: pool.Taps;
  attention: attention.AttentionAttributes;
  selfAttention: attention.SelfAttentionAttributes;
  standardize: norm.Standardization;
  layerNorm: norm.Standardization;
  batchNorm: norm.BatchStandardization;
  custom: custom.Custom;
}

export type OperationName = keyof Attributes;

// Built by a mapped type, so that a name without its operation doesn't compile.
export const table: { readonly [K in OperationName]: Operation<Attributes[K]> } = {
  neg: unary.neg,
  abs: unary.abs,
  sign: unary.sign,
  square: unary.square,
  reciprocal: unary.reciprocal,
  exp: unary.exp,
  expm1: unary.expm1,
  log: unary.log,
  log1p: unary.log1p,
  log2: unary.log2,
  log10: unary.log10,
  sqrt: unary.sqrt,
  rsqrt: unary.rsqrt,
  sin: unary.sin,
  cos: unary.cos,
  tan: unary.tan,
  asin: unary.asin,
  acos: unary.acos,
  atan: unary.atan,
  sinh: unary.sinh,
  cosh: unary.cosh,
  asinh: unary.asinh,
  acosh: unary.acosh,
  atanh: unary.atanh,
  erf: unary.erf,
  erfinv: unary.erfinv,
  lgamma: unary.lgamma,
  polygamma: unary.polygamma,
  floor: unary.floor,
  ceil: unary.ceil,
  round: unary.round,
  trunc: unary.trunc,
  frac: unary.frac,
  isnan: unary.isnan,
  isfinite: unary.isfinite,
  isinf: unary.isinf,
  logicalNot: unary.logicalNot,
  tanh: activation.tanh,
  sigmoid: activation.sigmoid,
  logSigmoid: activation.logSigmoid,
  relu: activation.relu,
  gelu: activation.gelu,
  silu: activation.silu,
  leakyRelu: activation.leakyRelu,
  elu: activation.elu,
  clamp: activation.clamp,
  add: binary.add,
  sub: binary.sub,
  mul: binary.mul,
  div: binary.div,
  pow: binary.pow,
  remainder: binary.remainder,
  fmod: binary.fmod,
  maximum: binary.maximum,
  minimum: binary.minimum,
  atan2: binary.atan2,
  eq: binary.eq,
  ne: binary.ne,
  lt: binary.lt,
  le: binary.le,
  gt: binary.gt,
  ge: binary.ge,
  logicalAnd: binary.logicalAnd,
  logicalOr: binary.logicalOr,
  logicalXor: binary.logicalXor,
  sigmoidBackward: binary.sigmoidBackward,
  lstm: lstm.lstm,
  lstmMemory: recurrent.lstmMemory,
  lstmMemoryBackward: recurrent.lstmMemoryBackward,
  lstmHidden: recurrent.lstmHidden,
  lstmHiddenBackward: recurrent.lstmHiddenBackward,
  gruStep: recurrent.gruStep,
  gruStepBackward: recurrent.gruStepBackward,
  tanhBackward: binary.tanhBackward,
  reluBackward: binary.reluBackward,
  geluBackward: binary.geluBackward,
  siluBackward: binary.siluBackward,
  logitLoss: logitLoss.logitLoss,
  probabilityLoss: binary.probabilityLoss,
  crossEntropy: loss.crossEntropy,
  sum: reduce.sum,
  mean: reduce.mean,
  prod: reduce.prod,
  amax: reduce.amax,
  amin: reduce.amin,
  norm: norm.norm,
  softmax: rows.softmax,
  logSoftmax: rows.logSoftmax,
  logSumExp: rows.logSumExp,
  cumsum: rows.cumsum,
  cumprod: rows.cumprod,
  argmax: rows.argmax,
  argmin: rows.argmin,
  argmode: rows.argmode,
  argsort: rows.argsort,
  reshape: view.reshape,
  expand: view.expand,
  permute: view.permute,
  slice: view.slice,
  select: view.select,
  diagonal: view.diagonal,
  unfold: view.unfold,
  window: window.window,
  replaceWindow: window.replaceWindow,
  clone: copy.clone,
  cast: copy.cast,
  cat: copy.cat,
  flip: copy.flip,
  place: copy.place,
  placeDiagonal: copy.placeDiagonal,
  addWindows: copy.addWindows,
  triangle: copy.triangle,
  indexSelect: indexing.indexSelect,
  gather: indexing.gather,
  indexAdd: indexing.indexAdd,
  indexCopy: indexing.indexCopy,
  scatterAdd: indexing.scatterAdd,
  where: indexing.where,
  matmul: matmul.matmul,
  linear: matmul.linear,
  inverse: linalg.inverse,
  det: linalg.det,
  cholesky: linalg.cholesky,
  orthonormalize: linalg.orthonormalize,
  singular: linalg.singular,
  symmetric: linalg.symmetric,
  pseudoinverse: linalg.pseudoinverse,
  conv2d: conv.conv2d,
  conv2dInput: conv.conv2dInput,
  conv2dWeight: conv.conv2dWeight,
  maxPool2d: pool.maxPool2d,
  windowArgmax: pool.windowArgmax,
  attention: attention.attention,
  selfAttention: attention.selfAttention,
  standardize: norm.standardize,
  layerNorm,
  batchNorm: norm.batchNorm,
  custom: custom.custom,
};
