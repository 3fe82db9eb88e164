import { memory } from '../kernels/memory.ts';
import type { Apply } from '../ops/operation.ts';
import type { OperationName } from '../ops/table.ts';
import { allocate, allocateDirty } from '../tensor/allocate.ts';
import { isFloating } from '../tensor/dtype.ts';
import { wrap } from '../tensor/elements.ts';
import { DTypeError, GradientError } from '../tensor/errors.ts';
import { sizeOf } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { noteOrigin } from './anomaly.ts';
import { enter, expose, isInside } from './internal.ts';
import { isGradEnabled, noGrad } from './mode.ts';
import { observer } from './observer.ts';
import { type Plan, planOf } from './plan.ts';
import { running } from './running.ts';
import type { TapeNode } from './tape.ts';

let sequence = 0;
/** How many operations are under way: some compute with others. */
let depth = 0;

const nothing: readonly Tensor[] = [];
/** What the operation under way keeps for its rule. */
let kept: readonly Tensor[] = nothing;
const keep = (tensor: Tensor): void => {
  kept = [...kept, tensor];
};

/** Applies an operation; puts it on the tape if recording is on and an input requires a gradient. */
export const apply: Apply = (name, inputs, attributes) => {
  const plan = planOf(name);
  if (depth === 0) memory.betweenOperations();
  let differentiable = false;
  for (let i = 0; i < inputs.length; i++) {
    checkInput(name, inputs[i]);
    differentiable ||= inputs[i].requiresGrad;
  }
  const outer = kept;
  kept = nothing;
  const output = run(plan, inputs, attributes);
  const extras = kept;
  kept = outer;
  if (differentiable && plan.backward !== null && isFloating(output.dtype) && isGradEnabled())
    record(name, plan, inputs, attributes, output, extras);
  else observer?.unrecorded();
  return output;
};

function run(plan: Plan, inputs: readonly Tensor[], attributes: unknown): Tensor {
  if (plan.layout !== null) {
    const input = inputs[0];
    const output = new Tensor(input.storage, input.dtype, plan.layout(input, attributes));
    output.base = input.base ?? input;
    if (input.rewritesSeen === -1) output.rewritesSeen = -1;
    return output;
  }
  if (plan.compute !== null) {
    const { compute } = plan;
    // It may be a user's, who may keep what it gets.
    const before = enter(false);
    if (before) expose(inputs);
    depth++;
    let result: Tensor;
    try {
      result = noGrad(() => compute(inputs, attributes, keep));
    } finally {
      depth--;
      enter(before);
    }
    // A second tensor: the result may be one of the inputs, which has a history already.
    return new Tensor(result.storage, result.dtype, result);
  }
  const { shape, dtype } = plan.infer!(inputs, attributes);
  const data = (plan.overwrites ? allocateDirty : allocate)(dtype, sizeOf(shape));
  plan.forward!(inputs, attributes, data, shape, keep);
  return wrap(data, dtype, shape);
}

function record(
  name: OperationName,
  plan: Plan,
  inputs: readonly Tensor[],
  attributes: unknown,
  output: Tensor,
  extras: readonly Tensor[],
): void {
  const { saves } = plan;
  const count = saves.length + extras.length;
  const saved = new Array<Tensor>(count);
  const versions = new Array<number>(count);
  for (let i = 0; i < count; i++) {
    const which = saves[i];
    const tensor = i >= saves.length ? extras[i - saves.length] : which === 'output' ? output : inputs[which];
    tensor.storage.held++;
    saved[i] = tensor;
    versions[i] = tensor.storage.version;
  }
  const sources = new Array<TapeNode | Tensor | null>(inputs.length);
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    sources[i] = input.node ?? (input.requiresGrad ? input : null);
  }
  output.node = {
    operation: name,
    attributes,
    inputs,
    sources,
    saved,
    versions,
    shape: output.shape,
    dtype: output.dtype,
    sequence: sequence++,
    slot: 0,
    freed: false,
    watched: null,
    module: running,
    mark: null,
  };
  if (plan.forward !== null) output.storage.internal = isInside();
  noteOrigin(output.node);
  observer?.operation(output.node, output);
}

/** No tensor at all, or memory that was rewritten on the tape through another tensor: this one's history would be wrong. */
function checkInput(name: OperationName, input: Tensor): void {
  if (input?.storage === undefined) {
    throw new DTypeError(`${name}: expected a tensor, got ${input === null ? 'null' : typeof input}.`);
  }
  if (input.rewritesSeen === input.storage.rewrites || input.rewritesSeen === -1 || !isGradEnabled()) return;
  throw new GradientError(
    `${name}: the input shares its memory with a tensor that was changed in place while gradients were recorded, ` +
      'so its history is out of date. Take the view again after the change, or use the method without the trailing _.',
  );
}
