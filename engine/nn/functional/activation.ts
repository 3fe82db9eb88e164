import { onesLike } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';

// Functions of one tensor, element by element unless a dimension is named.

export const relu = (x: Tensor): Tensor => x.relu();
/** min(max(x, 0), 6). */
export const relu6 = (x: Tensor): Tensor => hardtanh(x, 0, 6);
export const leakyRelu = (x: Tensor, slope = 0.01): Tensor => x.leakyRelu(slope);
export const elu = (x: Tensor, alpha = 1): Tensor => x.elu(alpha);
/** Scaled elu with self-normalizing constants (Klambauer et al. 2017). */
export const selu = (x: Tensor): Tensor => x.elu(1.6732632423543772).mul(1.0507009873554805);
export const tanh = (x: Tensor): Tensor => x.tanh();
export const sigmoid = (x: Tensor): Tensor => x.sigmoid();
export const logSigmoid = (x: Tensor): Tensor => x.logSigmoid();
/** x·Φ(x); `tanh` is the approximation 0.5x(1 + tanh(√(2/π)(x + 0.044715x³))) (Hendrycks & Gimpel 2016). */
export function gelu(x: Tensor, { approximate = 'none' }: { readonly approximate?: 'none' | 'tanh' } = {}): Tensor {
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
export const softplus = (x: Tensor): Tensor => x.softplus();
/** x/(1 + |x|). */
export const softsign = (x: Tensor): Tensor => x.div(x.abs().add(1));
/** clamp((x + 3)/6, 0, 1). */
export const hardsigmoid = (x: Tensor): Tensor => x.add(3).div(6).clamp({ min: 0, max: 1 });
/** x·hardsigmoid(x) (Howard et al. 2019). */
export const hardswish = (x: Tensor): Tensor => x.mul(hardsigmoid(x));
/** min(max(x, min), max); unlike that of clamp, the gradient is 0 at the borders. */
export function hardtanh(x: Tensor, min = -1, max = 1): Tensor {
  const inside = x.gt(min).logicalAnd(x.lt(max));
  return inside.where(x, x.detach().clamp({ min, max }));
}
/** x above 0, weight·x below; a weight of one element, or one per channel (dimension 1). */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  const perChannel = weight.numel() > 1 ? weight.reshape([-1, ...x.shape.slice(2).map(() => 1)]) : weight;
  return x.relu().sub(x.neg().relu().mul(perChannel));
}
export const softmax = (x: Tensor, dim: number): Tensor => x.softmax(dim);
export const logSoftmax = (x: Tensor, dim: number): Tensor => x.logSoftmax(dim);
/** The gated linear unit: the first half along `dim` times the sigmoid of the second (Dauphin et al. 2016). */
export function glu(x: Tensor, dim = -1): Tensor {
  const [value, gate] = x.chunk(2, dim);
  return value.mul(gate.sigmoid());
}

/**
 * While training, zeroes elements with probability `p` and scales the others by 1/(1 − p) (Srivastava et al. 2014).
 * `broadcast` dimensions share their fate.
 */
export function dropout(
  x: Tensor,
  { p = 0.5, training = true }: DropoutOptions = {},
  broadcast: readonly number[] = [],
): Tensor {
  if (!training || p === 0) return x;
  if (p === 1) return x.mul(0);
  let like = x.detach();
  for (const dim of broadcast) like = like.slice(dim, 0, 1);
  const mask = onesLike(like)
    .bernoulli_(1 - p)
    .div_(1 - p);
  return x.mul(mask);
}

export interface DropoutOptions {
  /** Probability of zero. Default 0.5. */
  readonly p?: number;
  /** Default true. */
  readonly training?: boolean;
}

/** Drops whole channels of [n, c, h, w]. */
export const dropout2d = (x: Tensor, options?: DropoutOptions): Tensor => dropout(x, options, [2, 3]);

/** Drops whole channels of [n, c, length]. */
export const dropout1d = (x: Tensor, options?: DropoutOptions): Tensor => dropout(x, options, [2]);

/** x − tanh x. */
export const tanhshrink = (x: Tensor): Tensor => x.sub(x.tanh());
/** softmax(−x). */
export const softmin = (x: Tensor, dim: number): Tensor => x.neg().softmax(dim);
