import type { Operand } from '../convert.ts';
import { bernoulliFill, normalFill, uniformFill } from '../random.ts';
import { rewrite } from '../rewrite.ts';
import type { Tensor } from '../tensor.ts';
import type { Alpha } from './binary.ts';
import type { Index, PutOptions } from './indexing.ts';
import type { Limits } from './unary.ts';

/** Fills with values that depend on nothing: the history ends here. */
function fill(name: string, self: Tensor, write: (out: Tensor) => void): Tensor {
  return rewrite(name, self, (before) => {
    const out = before.detach().clone();
    write(out);
    return out;
  });
}

/** Methods that change the tensor they are called on, and return it. Views of the same memory change with it. */
export const inplace = {
  add_(this: Tensor, other: Operand, options?: Alpha): Tensor {
    return rewrite('add_', this, (x) => x.add(other, options));
  },
  sub_(this: Tensor, other: Operand, options?: Alpha): Tensor {
    return rewrite('sub_', this, (x) => x.sub(other, options));
  },
  mul_(this: Tensor, other: Operand): Tensor {
    return rewrite('mul_', this, (x) => x.mul(other));
  },
  div_(this: Tensor, other: Operand): Tensor {
    return rewrite('div_', this, (x) => x.div(other));
  },
  pow_(this: Tensor, exponent: Operand): Tensor {
    return rewrite('pow_', this, (x) => x.pow(exponent));
  },
  neg_(this: Tensor): Tensor {
    return rewrite('neg_', this, (x) => x.neg());
  },
  exp_(this: Tensor): Tensor {
    return rewrite('exp_', this, (x) => x.exp());
  },
  sqrt_(this: Tensor): Tensor {
    return rewrite('sqrt_', this, (x) => x.sqrt());
  },
  relu_(this: Tensor): Tensor {
    return rewrite('relu_', this, (x) => x.relu());
  },
  sigmoid_(this: Tensor): Tensor {
    return rewrite('sigmoid_', this, (x) => x.sigmoid());
  },
  tanh_(this: Tensor): Tensor {
    return rewrite('tanh_', this, (x) => x.tanh());
  },
  abs_(this: Tensor): Tensor {
    return rewrite('abs_', this, (x) => x.abs());
  },
  log_(this: Tensor): Tensor {
    return rewrite('log_', this, (x) => x.log());
  },
  reciprocal_(this: Tensor): Tensor {
    return rewrite('reciprocal_', this, (x) => x.reciprocal());
  },
  rsqrt_(this: Tensor): Tensor {
    return rewrite('rsqrt_', this, (x) => x.rsqrt());
  },
  square_(this: Tensor): Tensor {
    return rewrite('square_', this, (x) => x.square());
  },
  floor_(this: Tensor): Tensor {
    return rewrite('floor_', this, (x) => x.floor());
  },
  ceil_(this: Tensor): Tensor {
    return rewrite('ceil_', this, (x) => x.ceil());
  },
  round_(this: Tensor): Tensor {
    return rewrite('round_', this, (x) => x.round());
  },
  trunc_(this: Tensor): Tensor {
    return rewrite('trunc_', this, (x) => x.trunc());
  },
  sin_(this: Tensor): Tensor {
    return rewrite('sin_', this, (x) => x.sin());
  },
  cos_(this: Tensor): Tensor {
    return rewrite('cos_', this, (x) => x.cos());
  },
  frac_(this: Tensor): Tensor {
    return rewrite('frac_', this, (x) => x.frac());
  },
  erfinv_(this: Tensor): Tensor {
    return rewrite('erfinv_', this, (x) => x.erfinv());
  },
  lgamma_(this: Tensor): Tensor {
    return rewrite('lgamma_', this, (x) => x.lgamma());
  },
  remainder_(this: Tensor, other: Operand): Tensor {
    return rewrite('remainder_', this, (x) => x.remainder(other));
  },
  fmod_(this: Tensor, other: Operand): Tensor {
    return rewrite('fmod_', this, (x) => x.fmod(other));
  },
  tril_(this: Tensor, diagonal = 0): Tensor {
    return rewrite('tril_', this, (x) => x.tril(diagonal));
  },
  triu_(this: Tensor, diagonal = 0): Tensor {
    return rewrite('triu_', this, (x) => x.triu(diagonal));
  },
  lerp_(this: Tensor, end: Tensor, weight: Operand): Tensor {
    return rewrite('lerp_', this, (x) => x.lerp(end, weight));
  },
  addcmul_(this: Tensor, a: Tensor, b: Tensor, options?: { readonly value?: number }): Tensor {
    return rewrite('addcmul_', this, (x) => x.addcmul(a, b, options));
  },
  addcdiv_(this: Tensor, a: Tensor, b: Tensor, options?: { readonly value?: number }): Tensor {
    return rewrite('addcdiv_', this, (x) => x.addcdiv(a, b, options));
  },
  scatter_(this: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
    return rewrite('scatter_', this, (x) => x.scatter(dim, index, source));
  },
  scatterAdd_(this: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
    return rewrite('scatterAdd_', this, (x) => x.scatterAdd(dim, index, source));
  },
  indexAdd_(this: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
    return rewrite('indexAdd_', this, (x) => x.indexAdd(dim, index, source));
  },
  indexCopy_(this: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
    return rewrite('indexCopy_', this, (x) => x.indexCopy(dim, index, source));
  },
  /** PyTorch's `x[indices] = values`. */
  indexPut_(this: Tensor, indices: readonly Index[], values: Operand, options?: PutOptions): Tensor {
    return rewrite('indexPut_', this, (x) => x.indexPut(indices, values, options));
  },
  maskedScatter_(this: Tensor, mask: Tensor, source: Tensor): Tensor {
    return rewrite('maskedScatter_', this, (x) => x.maskedScatter(mask, source));
  },
  clamp_(this: Tensor, limits: Limits | number, max?: number): Tensor {
    return rewrite('clamp_', this, (x) => x.clamp(limits, max));
  },
  maskedFill_(this: Tensor, mask: Tensor, value: Operand): Tensor {
    return rewrite('maskedFill_', this, (x) => x.maskedFill(mask, value));
  },
  /** Takes over the values of `source`, broadcast to this shape and converted to this type. */
  copy_(this: Tensor, source: Operand): Tensor {
    if (typeof source === 'number') return this.fill_(source);
    return rewrite('copy_', this, (x) => source.to(x.dtype).expand(x.shape).clone());
  },
  fill_(this: Tensor, value: number): Tensor {
    return fill('fill_', this, (out) => out.storage.data.fill(value));
  },
  zero_(this: Tensor): Tensor {
    return fill('zero_', this, (out) => out.storage.data.fill(0));
  },
  /** Uniform in [from, to). */
  uniform_(this: Tensor, from = 0, to = 1): Tensor {
    return fill('uniform_', this, (out) => uniformFill(out.storage.data, from, to));
  },
  normal_(this: Tensor, mean = 0, std = 1): Tensor {
    return fill('normal_', this, (out) => normalFill(out.storage.data, mean, std));
  },
  /** 1 with the given probability, else 0. */
  bernoulli_(this: Tensor, probability = 0.5): Tensor {
    return fill('bernoulli_', this, (out) => bernoulliFill(out.storage.data, probability));
  },
};
