import type { Operand } from '../convert.ts';
import { bernoulliFill, normalFill, uniformFill } from '../random.ts';
import { rewrite } from '../rewrite.ts';
import type { Tensor } from '../tensor.ts';

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
  add_(this: Tensor, other: Operand): Tensor {
    return rewrite('add_', this, (x) => x.add(other));
  },
  sub_(this: Tensor, other: Operand): Tensor {
    return rewrite('sub_', this, (x) => x.sub(other));
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
  clamp_(this: Tensor, limits: { readonly min?: number; readonly max?: number }): Tensor {
    return rewrite('clamp_', this, (x) => x.clamp(limits));
  },
  maskedFill_(this: Tensor, mask: Tensor, value: Operand): Tensor {
    return rewrite('maskedFill_', this, (x) => x.maskedFill(mask, value));
  },
  /** Takes over the values of `source`, broadcast to this shape and converted to this type. */
  copy_(this: Tensor, source: Tensor): Tensor {
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
