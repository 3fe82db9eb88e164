import { ones, onesLike, zerosLike } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { byName, type Given, known } from './given.ts';

// Functions of one tensor, element by element unless a dimension is named.

export const relu = (x: Tensor): Tensor => x.relu();
/** min(max(x, 0), 6). */
export const relu6 = (x: Tensor): Tensor => hardtanh(x, 0, 6);
/** x above 0, negativeSlope·x below. */
export const leakyRelu = (x: Tensor, negativeSlope = 0.01): Tensor => x.leakyRelu(negativeSlope);
/** x above 0, α(eˣ − 1) below (Clevert et al. 2015). */
export const elu = (x: Tensor, alpha = 1): Tensor => x.elu(alpha);
/** Scaled elu with self-normalizing constants (Klambauer et al. 2017). */
export const selu = (x: Tensor): Tensor => x.elu(1.6732632423543772).mul(1.0507009873554805);
/** x above 0, α(e^(x/α) − 1) below: differentiable at 0 for every α (Barron 2017). */
export const celu = (x: Tensor, alpha = 1): Tensor => x.div(alpha).elu().mul(alpha);
export const tanh = (x: Tensor): Tensor => x.tanh();
export const sigmoid = (x: Tensor): Tensor => x.sigmoid();
export const logSigmoid = (x: Tensor): Tensor => x.logSigmoid();
export { logSigmoid as logsigmoid };
/** x·Φ(x); `tanh` is the approximation 0.5x(1 + tanh(√(2/π)(x + 0.044715x³))) (Hendrycks & Gimpel 2016). */
export function gelu(x: Tensor, options: { readonly approximate?: 'none' | 'tanh' } = {}): Tensor {
  const { approximate = 'none' } = known('gelu', options, ['approximate']);
  if (approximate === 'none') return x.gelu();
  const inner = x
    .pow(3)
    .mul(0.044715)
    .add(x)
    .mul(Math.sqrt(2 / Math.PI));
  return x.mul(0.5).mul(inner.tanh().add(1));
}
export const silu = (x: Tensor): Tensor => x.silu();
/** x·tanh(softplus x) (Misra 2019). */
export const mish = (x: Tensor): Tensor => x.mul(x.softplus().tanh());
/** ln(1 + e^(βx))/β; x itself where βx is above `threshold`. */
export function softplus(x: Tensor, beta = 1, threshold = 20): Tensor {
  const scaled = beta === 1 ? x : x.mul(beta);
  const soft = scaled.softplus();
  return scaled.gt(threshold).where(x, beta === 1 ? soft : soft.div(beta));
}
/** x/(1 + |x|). */
export const softsign = (x: Tensor): Tensor => x.div(x.abs().add(1));
/** x − tanh x. */
export const tanhshrink = (x: Tensor): Tensor => x.sub(x.tanh());
/** NaN where x is NaN, else 0; without a gradient. */
const nothing = (x: Tensor): Tensor => x.isnan().where(x.detach(), 0);
const outside = (x: Tensor, limit: number): Tensor => x.gt(limit).logicalOr(x.lt(-limit));
/** Towards 0 by λ, and 0 where |x| ≤ λ. */
export const softshrink = (x: Tensor, lambd = 0.5): Tensor =>
  outside(x, lambd).where(x.sub(x.detach().clamp({ min: -lambd, max: lambd })), nothing(x));
/** 0 where |x| ≤ λ, x elsewhere. */
export const hardshrink = (x: Tensor, lambd = 0.5): Tensor => outside(x, lambd).where(x, nothing(x));
/** x above the threshold, `value` elsewhere. */
export const threshold = (x: Tensor, threshold: number, value: number): Tensor => x.le(threshold).where(value, x);
/** clamp((x + 3)/6, 0, 1). */
export const hardsigmoid = (x: Tensor): Tensor => hardtanh(x.add(3).div(6), 0, 1);
/** x·hardsigmoid(x) (Howard et al. 2019). */
export const hardswish = (x: Tensor): Tensor => x.mul(hardsigmoid(x));
/** min(max(x, minVal), maxVal); unlike that of clamp, the gradient is 0 at the borders. */
export function hardtanh(x: Tensor, minVal = -1, maxVal = 1): Tensor {
  const inside = x.gt(minVal).logicalAnd(x.lt(maxVal));
  return inside.where(x, x.detach().clamp({ min: minVal, max: maxVal }));
}
/** x above 0, weight·x below; a weight of one element, or one per channel (dimension 1). */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  const perChannel = weight.numel() > 1 ? weight.reshape([-1, ...x.shape.slice(2).map(() => 1)]) : weight;
  return x.relu().sub(x.neg().relu().mul(perChannel));
}
/** x above 0, slope·x below: while training a slope drawn from U(lower, upper) for each element, else their mean (Xu et al. 2015). */
export function rrelu(x: Tensor, lower = 1 / 8, upper = 1 / 3, training = false): Tensor {
  if (!training) return x.leakyRelu((lower + upper) / 2);
  const slopes = ones(x.shape, { dtype: x.dtype }).uniform_(lower, upper);
  return x.mul(x.le(0).where(slopes, 1));
}
export const softmax = (x: Tensor, dim: number): Tensor => x.softmax(dim);
export const logSoftmax = (x: Tensor, dim: number): Tensor => x.logSoftmax(dim);
/** softmax(−x). */
export const softmin = (x: Tensor, dim: number): Tensor => x.neg().softmax(dim);
export interface GumbelOptions {
  /** The temperature: the lower, the closer to one-hot. Default 1. */
  readonly tau?: number;
  /** One-hot samples, with the gradient of the soft ones. Default false. */
  readonly hard?: boolean;
  /** Default −1. */
  readonly dim?: number;
}

/** Samples from the categorical distribution of logits that have a gradient: softmax((x + g)/tau), g of Gumbel's distribution (Jang et al. 2016). */
export function gumbelSoftmax(logits: Tensor, ...rest: Given<[tau: number, hard: boolean], GumbelOptions>): Tensor {
  const { tau = 1, hard = false, dim = -1 } = byName<GumbelOptions>('gumbelSoftmax', ['tau', 'hard', 'dim'], rest);
  // −ln e for e of the exponential distribution
  const uniform = onesLike(logits.detach()).uniform_(0, 1);
  const gumbel = uniform.clamp({ min: 1e-30 }).log().neg().clamp({ min: 1e-30 }).log().neg();
  const soft = logits.add(gumbel).div(tau).softmax(dim);
  if (!hard) return soft;
  const chosen = soft.detach().argmax(dim, { keepdim: true });
  const sharp = zerosLike(soft.detach()).scatter(dim, chosen, 1);
  return sharp.sub(soft.detach()).add(soft);
}
/** The gated linear unit: the first half along `dim` times the sigmoid of the second (Dauphin et al. 2016). */
export function glu(x: Tensor, dim = -1): Tensor {
  const [value, gate] = x.chunk(2, dim);
  return value.mul(gate.sigmoid());
}
