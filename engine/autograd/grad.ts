import { GradientError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type BackwardOptions, walk } from './backward.ts';
import { enableGrad } from './mode.ts';

export interface GradOptions extends BackwardOptions {
  /** d(loss)/d(output), when the output isn't a scalar; a list for several outputs. */
  readonly gradOutputs?: Tensor | readonly Tensor[];
  /** Answer null, instead of throwing, for an input that the output doesn't depend on. Default false. */
  readonly allowUnused?: boolean;
}

/** Several outputs as one scalar that has the sum of their gradients. */
function together(outputs: readonly Tensor[], gradients: readonly Tensor[] | undefined): Tensor {
  const terms = enableGrad(() =>
    outputs.map((output, i) => (gradients === undefined ? output.reshape([]) : output.mul(gradients[i]).sum())),
  );
  return enableGrad(() => terms.reduce((a, b) => a.add(b)));
}

/**
 * d(output)/d(input) for each input, without touching any `grad`; of several outputs the sum.
 * @returns One tensor per input, of its shape; null only with `allowUnused`.
 * @throws GradientError if the output doesn't depend on an input.
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  const list = inputs instanceof Tensor ? [inputs] : inputs;
  const { gradOutputs } = options;
  const several = !(outputs instanceof Tensor);
  const root = several ? together(outputs, gradOutputs instanceof Tensor ? [gradOutputs] : gradOutputs) : outputs;
  const start = several ? undefined : gradOutputs instanceof Tensor ? gradOutputs : gradOutputs?.[0];
  const found = new Map<Tensor, Tensor>();
  const keep = (tensor: Tensor, part: Tensor): boolean => {
    found.set(tensor, part);
    return true;
  };
  walk('grad', root, start, options, keep, list);
  return list.map((input, i) => {
    const part = found.get(input) ?? null;
    if (part === null && !options.allowUnused) {
      throw new GradientError(
        `grad: the output doesn't depend on input ${i}. Was it detached? Pass { allowUnused: true } to get null for it.`,
      );
    }
    return part;
  });
}
