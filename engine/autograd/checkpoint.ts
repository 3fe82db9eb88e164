import { type Definition, FunctionContext } from '../ops/custom.ts';
import { GradientError } from '../tensor/errors.ts';
import { randomState, replayed } from '../tensor/random.ts';
import { Tensor } from '../tensor/tensor.ts';
import { apply } from './apply.ts';
import { grad } from './grad.ts';
import { enableGrad, isGradEnabled } from './mode.ts';
import { unobserved } from './observer.ts';

/** The leaves behind a tensor: the parameters that its computation used. */
function leavesBehind(root: Tensor): Tensor[] {
  const seen = new Set(root.node === null ? [] : [root.node]);
  const leaves = new Set<Tensor>();
  for (const node of seen) {
    for (const source of node.sources) {
      if (source instanceof Tensor) leaves.add(source);
      else if (source !== null) seen.add(source);
    }
  }
  return [...leaves];
}

const freshLeaf = (tensor: Tensor): Tensor => {
  const leaf = tensor.detach();
  return tensor.requiresGrad ? leaf.requiresGrad_() : leaf;
};

/**
 * `body(...inputs)` without keeping what lies between: backward computes it again, with the same random numbers (Chen et al.
 * 2016). Parameters that the body uses get their gradients too.
 */
export function checkpoint(body: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): Tensor {
  if (!isGradEnabled()) return body(...inputs);
  const state = randomState();
  const stand = inputs.map(freshLeaf);
  const first = body(...stand);
  const parameters = leavesBehind(first).filter((leaf) => !stand.includes(leaf));
  const all = [...inputs, ...parameters];
  const definition: Definition = {
    name: 'checkpoint',
    forward(context) {
      context.saveForBackward(...inputs);
      return first.detach();
    },
    backward(context, gradient) {
      if (isGradEnabled()) {
        throw new GradientError('checkpoint: createGraph is not possible here. Call the body without checkpoint.');
      }
      const again = context.savedTensors.map(freshLeaf);
      const wanted = [...again, ...parameters].filter((tensor) => tensor.requiresGrad);
      const found = unobserved(() => {
        const output = enableGrad(() => replayed(state, () => body(...again)));
        return grad(output, wanted, { gradOutputs: gradient, allowUnused: true });
      });
      return [...again, ...parameters].map((tensor) => found[wanted.indexOf(tensor)] ?? null);
    },
  };
  return apply('custom', all, {
    definition,
    context: new FunctionContext(),
    args: all.map(() => null),
    positions: [...all.keys()],
  });
}
