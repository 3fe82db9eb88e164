import { GradientError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type BackwardOptions, walk } from './backward.ts';

export interface GradOptions extends BackwardOptions {
  /** d(loss)/d(output), when the output isn't a scalar. */
  readonly gradient?: Tensor;
  /** Answer null, instead of throwing, for an input that the output doesn't depend on. Default false. */
  readonly allowUnused?: boolean;
}

/**
 * d(output)/d(input) for each input, without touching any `grad`.
 * @returns One tensor per input, of its shape; null only with `allowUnused`.
 * @throws GradientError if the output doesn't depend on an input.
 */
export function grad(output: Tensor, inputs: readonly Tensor[], options: GradOptions = {}): (Tensor | null)[] {
  const found = new Map<Tensor, Tensor>();
  walk(output, options.gradient, options, (tensor, gradient) => found.set(tensor, gradient), inputs);
  return inputs.map((input, i) => {
    const gradient = found.get(input) ?? null;
    if (gradient === null && !options.allowUnused) {
      throw new GradientError(
        `grad: the output doesn't depend on input ${i}. Was it detached? Pass { allowUnused: true } to get null for it.`,
      );
    }
    return gradient;
  });
}
