import { memory } from '../kernels/memory.ts';
import type { Apply, Operation } from '../ops/operation.ts';
import { type OperationName, table } from '../ops/table.ts';
import { allocate, allocateDirty, isFloating } from '../tensor/dtype.ts';
import { wrap } from '../tensor/elements.ts';
import { DTypeError, GradientError } from '../tensor/errors.ts';
import { sizeOf } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { noteOrigin } from './anomaly.ts';
import { isGradEnabled, noGrad } from './mode.ts';
import { observer } from './observer.ts';

let sequence = 0;
/** How many operations are under way: some compute with others. */
let depth = 0;

/** Applies an operation; puts it on the tape if recording is on and an input requires a gradient. */
export const apply: Apply = (name, inputs, attributes) => {
  // The table pairs each name with the attributes of the same name; `Operation<unknown>` forgets that on purpose.
  const operation = table[name] as Operation<unknown>;
  if (depth === 0) memory.betweenOperations();
  for (const input of inputs) checkInput(name, input);
  let output: Tensor;
  const extras: Tensor[] = [];
  if ('layout' in operation) {
    const [input] = inputs;
    output = new Tensor(input.storage, input.dtype, operation.layout(input, attributes));
    output.base = input.base ?? input;
    if (input.rewritesSeen === -1) output.rewritesSeen = -1;
  } else if ('compute' in operation) {
    depth++;
    let result: Tensor;
    try {
      result = noGrad(() => operation.compute(inputs, attributes, (tensor) => extras.push(tensor)));
    } finally {
      depth--;
    }
    // A second tensor: the result may be one of the inputs, which has a history already.
    output = new Tensor(result.storage, result.dtype, result);
  } else {
    const { shape, dtype } = operation.infer(inputs, attributes);
    const data = (operation.overwrites ? allocateDirty : allocate)(dtype, sizeOf(shape));
    operation.forward(inputs, attributes, data, shape, (tensor) => extras.push(tensor));
    output = wrap(data, dtype, shape);
  }
  const wanted = operation.backward !== null && isFloating(output.dtype) && isGradEnabled();
  if (wanted && inputs.some((input) => input.requiresGrad)) record(name, operation, inputs, attributes, output, extras);
  else observer?.unrecorded();
  return output;
};

function record(
  name: OperationName,
  operation: Operation<unknown>,
  inputs: readonly Tensor[],
  attributes: unknown,
  output: Tensor,
  extras: readonly Tensor[],
): void {
  const saved = [...operation.saves.map((which) => (which === 'output' ? output : inputs[which])), ...extras];
  for (const { storage } of saved) storage.held++;
  output.node = {
    operation: name,
    attributes,
    inputs,
    sources: inputs.map((input) => input.node ?? (input.requiresGrad ? input : null)),
    saved,
    versions: saved.map((tensor) => tensor.storage.version),
    shape: output.shape,
    dtype: output.dtype,
    sequence: sequence++,
    freed: false,
    watched: null,
    site: null,
    module: null,
  };
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
