import { isGradEnabled } from '../autograd/mode.ts';
import { kernels } from '../kernels/kernels.ts';
import { allocateDirty } from '../tensor/allocate.ts';
import { promote, toFloating } from '../tensor/dtype.ts';
import { elements, wrap } from '../tensor/elements.ts';
import { sameShape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { binary } from './binary.ts';
import { none } from './operation.ts';
import { values } from './sample.ts';

/** g·(σ(x) − y) in one pass, for a rule that won't be differentiated. Shapes are equal; `g` is often one number, repeated. */
function slope(g: Tensor, x: Tensor, y: Tensor): Tensor {
  const out = allocateDirty(x.dtype, sizeOf(x.shape));
  const repeated = g.strides.every((stride, d) => stride === 0 || g.shape[d] === 1);
  const factors = repeated ? g.storage.data.subarray(g.offset, g.offset + 1) : elements(g);
  kernels.logitLossBackward(factors, elements(x), elements(y), out);
  return wrap(out, x.dtype, x.shape);
}

/** Logit x, target y → (1 − y)·x − ln σ(x): binary cross-entropy without overflow. */
export const logitLoss = binary(
  'logitLoss',
  // σ(x) − y, and −x
  (g, { saved, needs }) => {
    if (needs[0] && !needs[1] && !isGradEnabled() && sameShape(saved(0).shape, saved(1).shape)) {
      return [slope(g, saved(0), saved(1)), null];
    }
    return [needs[0] ? g.mul(saved(0).sigmoid().sub(saved(1))) : null, needs[1] ? g.mul(saved(0)).neg() : null];
  },
  {
    saves: [0, 1],
    dtype: (a, b) => toFloating(promote(a, b)),
    special: [{ inputs: [values([2], [-800, 800]), values([2], [1, 0])], attributes: none, expected: [-1, 1] }],
  },
);
