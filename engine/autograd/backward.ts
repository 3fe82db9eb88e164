import { memory } from '../kernels/memory.ts';
import type { Operation, RuleContext, Viewed } from '../ops/operation.ts';
import { table } from '../ops/table.ts';
import { elements, overwrite } from '../tensor/elements.ts';
import { ArgumentError, GradientError, ShapeError, showShape } from '../tensor/errors.ts';
import { isContiguous, sameShape, sizeOf } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { checkGradients } from './anomaly.ts';
import { apply } from './apply.ts';
import { enableGrad, noGrad } from './mode.ts';
import { observer } from './observer.ts';
import type { TapeNode } from './tape.ts';
import { Temporaries } from './temporaries.ts';
import { userFrames } from './userLine.ts';

export interface BackwardOptions {
  /** Keep what the tape saved, so that backward can go through it again. Default: `createGraph`. */
  readonly retainGraph?: boolean;
  /** Record the backward pass itself, so that gradients can be differentiated. Default false. */
  readonly createGraph?: boolean;
}

/** Who a gradient is for: a node of the tape or a leaf. */
type Target = TapeNode | Tensor;

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

/** All nodes that `start` depends on, latest first. */
export function collect(start: readonly TapeNode[]): TapeNode[] {
  const seen = new Set(start);
  for (const node of seen) {
    for (const source of node.sources) if (source !== null && !(source instanceof Tensor)) seen.add(source);
  }
  return [...seen].sort((a, b) => b.sequence - a.sequence);
}

function contextOf(node: TapeNode): RuleContext<unknown> {
  const saved = (index: number): Tensor => {
    const tensor = node.saved[index];
    const [was, is] = [node.versions[index], tensor.storage.version];
    if (was === is) return tensor;
    const { writtenAt } = tensor.storage;
    throw new GradientError(
      `backward: a tensor that ${node.operation} needs for its gradient was changed in place after ${node.operation} used it ` +
        `(shape ${showShape(tensor.shape)}, version ${is}, expected ${was}). Use the method without the trailing _, or change a clone().` +
        (writtenAt === null ? '' : ` It was changed here:\n${userFrames(writtenAt)}`),
    );
  };
  const { attributes, inputs, shape } = node;
  return {
    attributes,
    inputs,
    shape,
    needs: node.sources.map((source) => source !== null),
    savedCount: node.saved.length,
    saved,
    apply,
  };
}

/** One rule of the tape. */
function pullBack(node: TapeNode, gradient: Tensor): (Tensor | null)[] {
  if (node.freed) {
    throw new GradientError(
      `backward: the graph behind ${node.operation} has been freed by an earlier backward(). ` +
        'Pass { retainGraph: true } to the earlier one, or compute the loss again.',
    );
  }
  const operation = table[node.operation] as Operation<unknown>;
  const raw = operation.backward!(gradient, contextOf(node));
  return node.inputs.map(({ shape, dtype }, i) => {
    const part = raw[i] ?? null;
    return part === null || node.sources[i] === null
      ? null
      : sumTo(part.dtype === dtype ? part : part.to(dtype), shape);
  });
}

/**
 * The gradient of a window on a tensor is zeros around it. Where the tensor has a gradient on its way already (from another
 * window, as of a sequence's steps), this one's is added in place, which spares the zeros.
 * @returns False if that can't be done here.
 */
function addToWindow(
  node: TapeNode,
  gradient: Tensor,
  pending: ReadonlyMap<Target, Tensor>,
  temporaries: Temporaries,
): boolean {
  const [source] = node.sources;
  if (node.freed || source === null || (node.operation !== 'slice' && node.operation !== 'select')) return false;
  const before = pending.get(source);
  if (before === undefined || before.dtype !== gradient.dtype || !isWhole(before)) return false;
  if (!temporaries.unshared(pending.values()).has(before.storage.data)) return false;
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

/** Lets go of what a node saved; nobody can differentiate through it any more. */
export function release(node: TapeNode): void {
  if (node.freed) return;
  node.freed = true;
  for (const { storage } of node.saved) storage.held--;
  node.inputs = [];
  node.saved = [];
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
  return root.newTensor([1], root.shape);
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
  deliver: (tensor: Tensor, gradient: Tensor, own: boolean) => boolean,
  wanted: readonly Tensor[] = [],
): void {
  const start = seed(name, root, gradient);
  const pending = new Map<Target, Tensor>([[root.node ?? root, start]]);
  const byNode = new Map(wanted.flatMap((tensor) => (tensor.node === null ? [] : [[tensor.node, tensor] as const])));
  const leaves: Tensor[] = [];
  // Under createGraph the tape keeps what is computed here.
  const temporaries = createGraph ? null : new Temporaries();
  observer?.backwardBegin(root, wanted.length === 0);
  const nodes = root.node === null ? [] : collect([root.node]);
  (createGraph ? enableGrad : noGrad)(() => {
    for (const node of nodes) {
      const raw = pending.get(node);
      if (raw === undefined) continue;
      pending.delete(node);
      const incoming = node.watched === null ? raw : throughHooks(node.watched, raw);
      const asked = byNode.get(node) ?? node.watched;
      if (asked !== null) {
        temporaries?.leave(raw);
        deliver(asked, incoming, false);
      }
      temporaries?.begin();
      const added = temporaries !== null && addToWindow(node, incoming, pending, temporaries);
      const parts = added ? [incoming] : pullBack(node, incoming);
      checkGradients(node, incoming, parts);
      observer?.nodeBackward(node, incoming, parts);
      node.sources.forEach((source, i) => {
        if (added) return;
        const part = parts[i];
        if (source === null || part === null) return;
        const before = pending.get(source);
        pending.set(source, before === undefined ? part : before.add(part));
      });
      temporaries?.end(pending.values(), node.operation === 'custom');
    }
    const own = temporaries?.unshared(pending.values());
    for (const [leaf, raw] of pending) {
      if (!(leaf instanceof Tensor)) continue;
      leaves.push(leaf);
      const hooked = leaf.hooks !== null;
      const kept = deliver(leaf, throughHooks(leaf, raw), !hooked && (own?.has(raw.storage.data) ?? false));
      if (kept || hooked) temporaries?.leave(raw);
    }
    temporaries?.finish();
  });
  observer?.backwardEnd(root, wanted.length === 0 ? leaves : []);
  if (!retainGraph) for (const node of nodes) release(node);
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
    tensor.accumulated = asIs ? part : part.detach().clone();
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
