import { isGradEnabled } from '../autograd/mode.ts';
import { kernels } from '../kernels/kernels.ts';
import { allocateDirty } from '../tensor/allocate.ts';
import { toFloating } from '../tensor/dtype.ts';
import { elements, wrap } from '../tensor/elements.ts';
import { ShapeError } from '../tensor/errors.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Computed } from './operation.ts';
import { around, type Dim } from './rows.ts';
import { spread, values } from './sample.ts';

export interface Classes extends Dim {
  /** A class that stands for "doesn't count". */
  readonly ignoreIndex: number;
}

/** x [n, c, …], int32 classes [n, …] → −ln softmax(x)[class] [n, …]; 0 where the class is ignored. */
export const crossEntropy: Computed<Classes> = {
  infer: ([x, target]) => ({ shape: target.shape, dtype: toFloating(x.dtype) }),
  overwrites: true,
  forward([x, target], { dim, ignoreIndex }, out) {
    const classes = elements(target);
    const count = x.shape[dim];
    for (let i = 0; i < classes.length; i++) {
      const c = classes[i];
      if ((c < 0 || c >= count) && c !== ignoreIndex) {
        throw new ShapeError(`crossEntropy: index ${c} is outside 0 … ${count - 1}.`);
      }
    }
    kernels.crossEntropy(elements(x), classes, out, ...around(x.shape, dim), ignoreIndex);
  },
  saves: [0, 1],
  // g·(softmax(x) − 1 at the class)
  backward(g, { saved, attributes: { dim, ignoreIndex } }) {
    const [x, target] = [saved(0), saved(1)];
    if (!isGradEnabled()) {
      const out = allocateDirty(x.dtype, sizeOf(x.shape));
      const [from, logits, classes] = [g, x, target].map((t) => elements(t));
      kernels.crossEntropyBackward(from, logits, classes, out, ...around(x.shape, dim), ignoreIndex);
      return [wrap(out, x.dtype, x.shape), null];
    }
    const counts = target.ne(ignoreIndex);
    const index = counts.where(target, 0).unsqueeze(dim);
    const along = g.mul(counts.to(g.dtype)).unsqueeze(dim);
    const hit = x.newTensor(new Float64Array(sizeOf(x.shape)), x.shape).scatterAdd(dim, index, along);
    return [x.softmax(dim).mul(along).sub(hit), null];
  },
  samples: () => [
    { inputs: [spread([3, 4]), values([3], [2, 0, 3], 'int32')], attributes: { dim: 1, ignoreIndex: 0 } },
    {
      inputs: [spread([2, 3, 2]), values([2, 2], [2, 0, -100, 1], 'int32')],
      attributes: { dim: 1, ignoreIndex: -100 },
    },
    { inputs: [spread([3]), values([], [1], 'int32')], attributes: { dim: 0, ignoreIndex: -100 } },
  ],
};
