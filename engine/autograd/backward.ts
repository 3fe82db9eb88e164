import { memory } from '../kernels/memory.ts';
import type { RuleContext, Viewed } from '../ops/operation.ts';
import { table } from '../ops/table.ts';
import { allocateDirty } from '../tensor/allocate.ts';
import { copied, elements, overwrite, wrap } from '../tensor/elements.ts';
import { ArgumentError, GradientError, ShapeError, showShape } from '../tensor/errors.ts';
import { isContiguous, sameShape, sizeOf } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { checkGradients } from './anomaly.ts';
import { apply } from './apply.ts';
import { enableGrad, noGrad } from './mode.ts';
import { observer, thorough } from './observer.ts';
import { type Deliver, Pass } from './pass.ts';
import { planOf } from './plan.ts';
import type { TapeNode } from './tape.ts';
import type { Temporaries } from './temporaries.ts';
import { userFrames } from './userLine.ts';

export interface BackwardOptions {
  /** Keep what the tape saved, so that backward can go through it again. Default: `createGraph`. */
  readonly retainGraph?: boolean;
  /** Record the backward pass itself, so that gradients can be differentiated. Default false. */
  readonly createGraph?: boolean;
}

/** Sums `gradient` over whatever `shape` was broadcast along. */
function sumTo(gradient: Tensor, shape: readonly number[]): Tensor {
  if (sameShape(gradient.shape, shape)) return gradient;
  const missing = gradient.shape.length - shape.length;
  const dims = [...gradient.shape.keys()].filter(
    (d) => d < missing || (shape[d - missing] === 1 && gradient.shape[d] > 1),
  );
  const summed = dims.length > 0 ? gradient.sum(dims, { keepdim: true }) : gradient;
  return sameShape(summed.shape, shape) ? summed : missing > 0 ? summed.reshape(shape) : summed.expand(shape);
}

/** The node whose rule is being applied. */
let current: TapeNode | null = null;

/** A saved tensor of that node. @throws GradientError if it has been changed since. */
function saved(index: number): Tensor {
  const node = current!;
  const tensor = node.saved[index];
  const [was, is] = [node.versions[index], tensor.storage.version];
  if (was === is) return tensor;
  const { writtenAt } = tensor.storage;
  throw new GradientError(
    `backward: a tensor that ${node.operation} needs for its gradient was changed in place after ${node.operation} used it ` +
      `(shape ${showShape(tensor.shape)}, version ${is}, expected ${was}). Use the method without the trailing _, or change a clone().` +
      (writtenAt === null ? '' : ` It was changed here:\n${userFrames(writtenAt)}`),
  );
}

const MANY = 5;
/** By number of inputs and, in bits, which of them want a gradient. */
const NEEDS: readonly (readonly (readonly boolean[])[])[] = Array.from({ length: MANY + 1 }, (_, n) =>
  Array.from({ length: 1 << n }, (__, bits) => Array.from({ length: n }, (___, i) => (bits & (1 << i)) !== 0)),
);

function needsOf({ sources }: TapeNode): readonly boolean[] {
  if (sources.length > MANY) return sources.map((source) => source !== null);
  let bits = 0;
  for (let i = 0; i < sources.length; i++) if (sources[i] !== null) bits |= 1 << i;
  return NEEDS[sources.length][bits];
}

const contextOf = (node: TapeNode): RuleContext<unknown> => ({
  attributes: node.attributes,
  inputs: node.inputs,
  shape: node.shape,
  needs: needsOf(node),
  savedCount: node.saved.length,
  saved,
  apply,
});

/** One rule of the tape. */
function pullBack(node: TapeNode, gradient: Tensor): (Tensor | null)[] {
  if (node.freed) {
    throw new GradientError(
      `backward: the graph behind ${node.operation} has been freed by an earlier backward(). ` +
        'Pass { retainGraph: true } to the earlier one, or compute the loss again.',
    );
  }
  const { inputs, sources } = node;
  const outer = current;
  current = node;
  let raw: readonly (Tensor | null)[];
  try {
    raw = planOf(node.operation).backward!(gradient, contextOf(node));
  } finally {
    current = outer;
  }
  const parts = new Array<Tensor | null>(sources.length);
  for (let i = 0; i < sources.length; i++) {
    const part = sources[i] === null ? null : (raw[i] ?? null);
    if (part === null) {
      parts[i] = null;
      continue;
    }
    const { shape, dtype } = inputs[i];
    parts[i] = sumTo(part.dtype === dtype ? part : part.to(dtype), shape);
  }
  return parts;
}

/**
 * The gradient of a window on a tensor is zeros around it. Where the tensor has a gradient on its way already (from another
 * window, as of a sequence's steps), this one's is added in place, which spares the zeros.
 * @returns False if that can't be done here.
 */
function addToWindow(node: TapeNode, gradient: Tensor, pass: Pass, temporaries: Temporaries): boolean {
  const [source] = node.sources;
  if (node.freed || source === null || (node.operation !== 'slice' && node.operation !== 'select')) return false;
  const before = pass.gradientOf(source);
  if (before === null || before.dtype !== gradient.dtype || !isWhole(before)) return false;
  if (!temporaries.unshared(before)) return false;
  const { layout } = table[node.operation] as Viewed<unknown>;
  const window = new Tensor(before.storage, before.dtype, layout(before, node.attributes));
  overwrite(window, elements(window.add(gradient)));
  return true;
}

/** Lets the user's hooks see a gradient, and replace it. */
function throughHooks(tensor: Tensor, gradient: Tensor): Tensor {
  let result = gradient;
  for (const hook of tensor.hooks ?? []) {
    const replacement: unknown = hook(result) ?? result;
    if (!(replacement instanceof Tensor) || !sameShape(replacement.shape, result.shape)) {
      const got = replacement instanceof Tensor ? `shape ${showShape(replacement.shape)}` : typeof replacement;
      throw new GradientError(
        `backward: a hook must return nothing or a gradient of shape ${showShape(result.shape)}, got ${got}.`,
      );
    }
    result = replacement;
  }
  return result;
}

const nothing: readonly Tensor[] = [];

/** Gives back memory that only the tape had. */
function reclaim({ node, storage }: Tensor): void {
  if (node === null || !storage.internal || storage.held > 0) return;
  storage.internal = false;
  memory.release(storage.data);
}

/** Lets go of what a node saved; nobody can differentiate through it any more. */
export function release(node: TapeNode): void {
  if (node.freed) return;
  node.freed = true;
  const { saved, inputs } = node;
  for (let i = 0; i < saved.length; i++) {
    saved[i].storage.held--;
    reclaim(saved[i]);
  }
  for (let i = 0; i < inputs.length; i++) reclaim(inputs[i]);
  node.inputs = nothing;
  node.saved = nothing;
}

/** Where a root's gradient starts. @throws GradientError, ShapeError. */
function seed(name: string, root: Tensor, gradient: Tensor | undefined): Tensor {
  if (!root.requiresGrad) {
    throw new GradientError(
      `${name}: this tensor requires no gradient and has no history. Was it computed inside noGrad(), from detached ` +
        'tensors, or from tensors made without { requiresGrad: true }?',
    );
  }
  if (gradient !== undefined) {
    if (!(gradient instanceof Tensor)) {
      throw new ArgumentError(`${name}: expected a tensor as the gradient to start from, got ${typeof gradient}.`);
    }
    if (!sameShape(gradient.shape, root.shape)) {
      throw new ShapeError(
        `${name}: the gradient has shape ${showShape(gradient.shape)}, expected that of the tensor, ${showShape(root.shape)}.`,
      );
    }
    return gradient;
  }
  if (root.shape.some((n) => n !== 1)) {
    throw new GradientError(
      `${name}: expected a scalar, got shape ${showShape(root.shape)}. Reduce it first, as in loss.mean()${
        name === 'grad' ? ', or pass { gradOutputs }' : '.backward(), or pass the gradient to start from'
      }.`,
    );
  }
  const one = allocateDirty(root.dtype, 1);
  one[0] = 1;
  return wrap(one, root.dtype, root.shape);
}

/**
 * Walks the tape from `root` and hands each leaf, and each watched node's output, its gradient.
 * @param deliver Answers whether it keeps the gradient itself, rather than a copy. `own`: nobody else has its memory.
 * @param wanted If given, only these tensors' gradients are reported, and nothing is accumulated.
 */
export function walk(
  name: 'backward' | 'grad',
  root: Tensor,
  gradient: Tensor | undefined,
  { createGraph = false, retainGraph = createGraph }: BackwardOptions,
  deliver: Deliver,
  wanted: readonly Tensor[] = [],
): void {
  const start = seed(name, root, gradient);
  observer?.backwardBegin(root, wanted.length === 0);
  const pass = Pass.from(root, deliver, wanted);
  // Under createGraph the tape keeps what is computed here.
  const temporaries = createGraph ? null : pass.temporaries;
  try {
    temporaries?.start();
    (createGraph ? enableGrad : noGrad)(() => {
      pass.add(root.node ?? root, start);
      temporaries?.arrives(start);
      for (let i = 0; i < pass.nodes.length; i++) {
        const raw = pass.take(i);
        if (raw !== null) step(pass.nodes[i], raw, pass, temporaries);
      }
      for (let i = 0; i < pass.leaves.length; i++) {
        const leaf = pass.leaves[i];
        const raw = pass.leafGradients[i];
        const hooked = leaf.hooks !== null;
        const own = !hooked && (temporaries?.unshared(raw) ?? false);
        const kept = deliver(leaf, hooked ? throughHooks(leaf, raw) : raw, own);
        if (kept || hooked) temporaries?.keep(raw);
        temporaries?.leaves(raw);
      }
    });
    observer?.backwardEnd(root, wanted.length === 0 ? pass.leaves : nothing);
    if (!retainGraph) for (let i = 0; i < pass.nodes.length; i++) release(pass.nodes[i]);
  } finally {
    temporaries?.stop();
    pass.end();
  }
}

/** Applies one rule of the tape to `raw`, what has arrived at `node`, and sends its results on. */
function step(node: TapeNode, raw: Tensor, pass: Pass, temporaries: Temporaries | null): void {
  const incoming = node.watched === null ? raw : throughHooks(node.watched, raw);
  const asked = pass.askedOf(node);
  // The rule of a user may keep anything.
  const exposed = node.operation === 'custom';
  if (asked !== null || exposed) temporaries?.keep(raw);
  if (asked !== null) pass.deliver(asked, incoming, false);
  if (!exposed) temporaries?.begin();
  const added = temporaries !== null && addToWindow(node, incoming, pass, temporaries);
  const parts = added ? [incoming] : pullBack(node, incoming);
  checkGradients(node, incoming, parts);
  if (thorough) observer?.nodeBackward(node, incoming, parts);
  if (!added) {
    const { sources } = node;
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i];
      const part = parts[i];
      if (source === null || part === null) continue;
      const before = pass.add(source, part);
      if (before === null) temporaries?.arrives(part);
      else {
        const sum = before.add(part);
        pass.replace(source, sum);
        temporaries?.arrives(sum);
        temporaries?.leaves(before);
      }
    }
  }
  temporaries?.leaves(raw);
  if (!exposed) temporaries?.end();
}

/** Adds d(root)/d(leaf) to `grad` of every leaf behind `root`. */
export function backward(root: Tensor, gradient?: Tensor, options: BackwardOptions = {}): void {
  walk('backward', root, gradient, options, (tensor, part, own) => {
    if (tensor.node !== null && !retained.has(tensor)) return false;
    const before = tensor.accumulated;
    if (before !== null) {
      if (!sameShape(before.shape, tensor.shape)) {
        throw new ShapeError(
          `backward: a leaf of shape ${showShape(tensor.shape)} was given a grad of shape ${showShape(before.shape)}; ` +
            'expected the same shape, or null.',
        );
      }
      // under noGrad, unless the backward pass itself is recorded
      const sum = before.add(part);
      if (!tensor.gradientShared) memory.release(before.storage.data);
      tensor.accumulated = sum;
      return false;
    }
    // Under createGraph the gradient keeps its history.
    tensor.gradientShared = part.node !== null;
    const asIs = part.node !== null || (own && isWhole(part));
    tensor.accumulated = asIs ? part : copied(part);
    return asIs;
  });
}

/** Whether a tensor shows all of its memory, in order. */
const isWhole = (tensor: Tensor): boolean =>
  isContiguous(tensor) && tensor.storage.data.length === sizeOf(tensor.shape);

const retained = new WeakSet<Tensor>();

/** Makes backward fill `grad` of a tensor that isn't a leaf. */
export function retainGrad(tensor: Tensor): void {
  if (!tensor.requiresGrad) throw new GradientError('retainGrad: this tensor requires no gradient.');
  if (tensor.node === null) return;
  tensor.node.watched = tensor;
  retained.add(tensor);
}
