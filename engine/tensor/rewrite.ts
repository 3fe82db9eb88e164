import { apply } from '../autograd/apply.ts';
import { isGradEnabled } from '../autograd/mode.ts';
import { isFloating } from './dtype.ts';
import { elements, overwrite } from './elements.ts';
import { DTypeError, GradientError, ShapeError, showShape } from './errors.ts';
import { isContiguous, sameShape } from './shape.ts';
import { Tensor } from './tensor.ts';

/** A second tensor with the memory and the history that `tensor` has now. */
function asItIs(tensor: Tensor): Tensor {
  const copy = new Tensor(tensor.storage, tensor.dtype, tensor);
  copy.node = tensor.node;
  copy.rewritesSeen = tensor.rewritesSeen;
  return copy;
}

/** Whether one element may be seen in several places: no dimension's step leads beyond what the finer ones cover. */
function overlaps({ shape, strides }: Tensor): boolean {
  const dims = [...shape.keys()].filter((d) => shape[d] > 1).sort((a, b) => strides[a] - strides[b]);
  let reach = 0;
  return dims.some((d) => {
    if (strides[d] <= reach) return true;
    reach += strides[d] * (shape[d] - 1);
    return false;
  });
}

function checkFit(name: string, self: Tensor, after: Tensor): void {
  if (!sameShape(after.shape, self.shape)) {
    throw new ShapeError(
      `${name}: the result has shape ${showShape(after.shape)} and doesn't fit into ${showShape(self.shape)}.`,
    );
  }
  if (isFloating(after.dtype) && !isFloating(self.dtype)) {
    throw new DTypeError(
      `${name}: the result is ${after.dtype} and can't be kept in ${self.dtype}. Convert with to('float32').`,
    );
  }
  if (overlaps(self)) {
    throw new ShapeError(
      `${name}: this tensor (expanded, or windows that overlap) shows one element in several places. Change a clone() of it.`,
    );
  }
}

/**
 * Writes the result of `compute` over `self`. With recording on, `self` takes over the result's history, and what it was
 * before lives on as the tensor that `compute` sees. If `self` is a view, its base gets a history that contains the change.
 */
export function rewrite(name: string, self: Tensor, compute: (before: Tensor) => Tensor): Tensor {
  const { base } = self;
  const recording = isGradEnabled();
  const leaf = [self, base].find((tensor) => tensor?.requiresGrad && tensor.isLeaf);
  if (recording && leaf !== undefined) {
    throw new GradientError(
      `${name}: ${leaf === self ? 'a leaf that requires a gradient' : 'a view of such a leaf'} can't be changed in place ` +
        'while gradients are recorded. Wrap the update in noGrad(() => …), or use the method without the trailing _.',
    );
  }
  const after = compute(asItIs(self));
  checkFit(name, self, after);
  const histories = recording && (after.requiresGrad || self.requiresGrad || (base?.requiresGrad ?? false));
  if (!histories) {
    overwrite(self, elements(after));
    return self;
  }
  const whole = base === null ? null : replaced(name, self, base, after);
  overwrite(self, elements(after));
  self.storage.rewrites++;
  if (base === null || whole === null) {
    self.node = after.node;
  } else {
    base.node = whole.node;
    base.rewritesSeen = self.storage.rewrites;
    self.node = base.node === null ? null : apply('window', [base], layoutIn(base, self)).node;
  }
  self.rewritesSeen = self.storage.rewrites;
  return self;
}

const layoutIn = (base: Tensor, view: Tensor) => ({
  shape: view.shape,
  strides: view.strides,
  offset: view.offset - base.offset,
});

/** The base as it will be: with `after` where the view shows it. */
function replaced(name: string, view: Tensor, base: Tensor, after: Tensor): Tensor {
  if (!isContiguous(base)) {
    throw new GradientError(
      `${name}: the tensor behind this view isn't contiguous, so the change can't be recorded. Use clone() first.`,
    );
  }
  return apply('replaceWindow', [asItIs(base), after.to(base.dtype)], layoutIn(base, view));
}
