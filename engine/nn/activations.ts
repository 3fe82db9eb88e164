import { full } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { activation, required, whileTraining } from './activation.ts';
import * as F from './functional.ts';
import { Module } from './module.ts';
import { Parameter } from './parameter.ts';

// Modules around the functions of F, where the formulas are. Options by position or by name: new nn.ELU(0.5) or
// new nn.ELU({ alpha: 0.5 }).

/** max(x, 0). */
export class ReLU extends activation(F.relu, {}) {}
/** min(max(x, 0), 6). */
export class ReLU6 extends activation(F.relu6, {}) {}
/** x above 0, negativeSlope·x below. */
export class LeakyReLU extends activation(F.leakyRelu, { negativeSlope: 0.01 }) {}
/** x above 0, α(eˣ − 1) below. */
export class ELU extends activation(F.elu, { alpha: 1 }) {}
/** Scaled ELU with self-normalizing constants. */
export class SELU extends activation(F.selu, {}) {}
/** x above 0, α(e^(x/α) − 1) below. */
export class CELU extends activation(F.celu, { alpha: 1 }) {}
/** x·Φ(x); { approximate: 'tanh' } for the approximation by tanh. */
export class GELU extends activation((x: Tensor, approximate: 'none' | 'tanh' = 'none') => F.gelu(x, { approximate }), {
  approximate: 'none' as 'none' | 'tanh',
}) {}
/** x·σ(x). */
export class SiLU extends activation(F.silu, {}) {}
/** x·tanh(softplus x). */
export class Mish extends activation(F.mish, {}) {}
export class Tanh extends activation(F.tanh, {}) {}
export class Sigmoid extends activation(F.sigmoid, {}) {}
/** ln σ(x). */
export class LogSigmoid extends activation(F.logSigmoid, {}) {}
/** ln(1 + e^(βx))/β; x itself where βx is above the threshold. */
export class Softplus extends activation(F.softplus, { beta: 1, threshold: 20 }) {}
/** x/(1 + |x|). */
export class Softsign extends activation(F.softsign, {}) {}
/** x − tanh x. */
export class Tanhshrink extends activation(F.tanhshrink, {}) {}
/** Towards 0 by λ, and 0 where |x| ≤ λ. */
export class Softshrink extends activation(F.softshrink, { lambd: 0.5 }) {}
/** 0 where |x| ≤ λ, x elsewhere. */
export class Hardshrink extends activation(F.hardshrink, { lambd: 0.5 }) {}
/** min(max(x, minVal), maxVal). */
export class Hardtanh extends activation(F.hardtanh, { minVal: -1, maxVal: 1 }) {}
/** clamp((x + 3)/6, 0, 1). */
export class Hardsigmoid extends activation(F.hardsigmoid, {}) {}
/** x·hardsigmoid(x). */
export class Hardswish extends activation(F.hardswish, {}) {}
/** x above the threshold, `value` elsewhere. */
export class Threshold extends activation(F.threshold, { threshold: required, value: required }) {}
/** Along a dimension; sums to 1. */
export class Softmax extends activation(F.softmax, { dim: required }) {}
/** ln softmax(x) along a dimension. */
export class LogSoftmax extends activation(F.logSoftmax, { dim: required }) {}
/** softmax(−x) along a dimension. */
export class Softmin extends activation(F.softmin, { dim: required }) {}
/** Softmax over the channels of [n, c, h, w]. */
export class Softmax2d extends activation((x: Tensor) => x.softmax(-3), {}) {}
/** The first half along `dim` times the sigmoid of the second. */
export class GLU extends activation(F.glu, { dim: -1 }) {}
/** While training, a slope below 0 drawn from U(lower, upper) for each element; else their mean. */
export class RReLU extends whileTraining(
  (x, training, lower?: number, upper?: number) => F.rrelu(x, lower, upper, training),
  { lower: 1 / 8, upper: 1 / 3 },
) {}

/** x above 0, weight·x below, with a trained weight: one, or one per channel. */
export class PReLU extends Module<[input: Tensor], Tensor> {
  weight: Parameter;

  constructor(numParameters = 1, { init = 0.25 }: { readonly init?: number } = {}) {
    super();
    this.weight = new Parameter(full([numParameters], init));
  }

  override forward(x: Tensor): Tensor {
    return F.prelu(x, this.weight);
  }

  override describe(): string {
    return `numParameters=${this.weight.numel()}`;
  }
}

type Dropper = (x: Tensor, p?: number, training?: boolean) => Tensor;

const dropping = (drop: Dropper) => whileTraining((x, training, p?: number) => drop(x, p, training), { p: 0.5 });

/** While training, zeroes elements with probability p and scales the others by 1/(1 − p). */
export class Dropout extends dropping(F.dropout) {}
/** While training, zeroes whole channels of [n, c, length] with probability p. */
export class Dropout1d extends dropping(F.dropout1d) {}
/** While training, zeroes whole channels of [n, c, h, w] with probability p. */
export class Dropout2d extends dropping(F.dropout2d) {}
/** While training, zeroes whole channels of [n, c, d, h, w] with probability p. */
export class Dropout3d extends dropping(F.dropout3d) {}
/** While training, sets elements to SELU's lower limit with probability p, keeping mean 0 and variance 1. */
export class AlphaDropout extends dropping(F.alphaDropout) {}
/** The same for whole channels of [n, c, …]. */
export class FeatureAlphaDropout extends dropping(F.featureAlphaDropout) {}
