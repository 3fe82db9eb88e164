import { memory } from '../kernels/memory.ts';
import type { Numbers } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import { sizeOf } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { release } from './backward.ts';
import { grad } from './grad.ts';
import { enableGrad } from './mode.ts';
import { observe, observer, unobserving } from './observer.ts';
import { collect } from './pass.ts';
import type { TapeNode } from './tape.ts';

/** The second derivatives of a scalar with respect to some leaves, as products with vectors. */
export interface Hessian {
  /** One array for each leaf; zeros where the scalar doesn't depend on it. */
  readonly gradient: readonly Numbers[];
  /** H·v, in the form of the leaves, as `v` is (Pearlmutter 1994: the gradient of gᵀv, with v held fixed). */
  product(v: readonly Numbers[]): Numbers[];
}

/** Elements that the tape may hold: a second pass over it needs several times as many. */
const MOST_ELEMENTS = 2 ** 26;

/**
 * Why the Hessian of `root` can't be had without anybody noticing: a second pass over the tape would call what is the
 * user's (hooks, a backward of their own), or what lies on it can't be differentiated any more. Null if it can.
 */
export function hessianProblem(root: Tensor): string | null {
  if (root.node === null || sizeOf(root.shape) !== 1) return 'the loss is no single number with a history';
  let held = 0;
  for (const node of collect(root.node)) {
    if (node.operation === 'custom') return 'a function with a backward of its own (or a checkpoint) is part of it';
    if (node.watched !== null) return 'a hook looks at its gradients';
    if (node.freed) return 'its graph has been freed in part';
    if (node.saved.some(({ storage }, i) => storage.version !== node.versions[i])) {
      return 'a tensor that it needs was changed in place';
    }
    for (const source of node.sources) {
      if (source instanceof Tensor && source.hooks !== null) return 'a hook looks at its gradients';
    }
    held += sizeOf(node.shape);
  }
  return held > MOST_ELEMENTS ? 'it is too large' : null;
}

/**
 * Lets `use` multiply with the Hessian of `root`. Leaves everything as it was: no gradient is accumulated, the tape stays
 * whole, no random number is drawn, whoever watches is told nothing, and the memory is given back.
 * @param root One for which `hessianProblem` has nothing to say, before its backward pass.
 * @throws GradientError where an operation has no second derivative.
 */
export function withHessian<R>(root: Tensor, leaves: readonly Tensor[], use: (hessian: Hessian) => R): R {
  const before = observer;
  const made: TapeNode[] = [];
  const allocated: Numbers[] = [];
  const journal = memory.record(allocated);
  observe({ ...unobserving, operation: (node) => void made.push(node) });
  try {
    const first = grad(root, leaves, { createGraph: true, retainGraph: true, allowUnused: true });
    const once = made.length;
    const gradient = leaves.map((leaf, i) => valuesOf(first[i], leaf));
    const product = (v: readonly Numbers[]): Numbers[] => {
      const dot = enableGrad(() => dotProduct(first, leaves, v));
      const second = dot ? grad(dot, leaves, { retainGraph: true, allowUnused: true }) : [];
      const result = leaves.map((leaf, i) => valuesOf(second[i] ?? null, leaf));
      for (const node of made.splice(once)) release(node);
      return result;
    };
    return use({ gradient, product });
  } finally {
    observe(before);
    for (const node of made) release(node);
    memory.record(journal);
    for (const data of allocated) memory.release(data);
  }
}

/** A copy: what the engine computed goes back to it. */
const valuesOf = (tensor: Tensor | null, leaf: Tensor): Numbers =>
  tensor ? elements(tensor).slice() : new Float32Array(sizeOf(leaf.shape));

/** gᵀv, as far as the gradient depends on anything; null if it's constant. */
function dotProduct(gradient: readonly (Tensor | null)[], leaves: readonly Tensor[], v: readonly Numbers[]) {
  const terms = gradient.flatMap((g, i) => (g?.requiresGrad ? [g.mul(leaves[i].newTensor(v[i], g.shape)).sum()] : []));
  return terms.length ? terms.reduce((a, b) => a.add(b)) : null;
}
