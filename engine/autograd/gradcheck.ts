import { tensor } from '../tensor/create.ts';
import { elements } from '../tensor/elements.ts';
import { GradientError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { grad } from './grad.ts';
import { enableGrad, noGrad } from './mode.ts';

export interface GradcheckOptions {
  /** Half the distance between the two points of a difference. Default 1e-6. */
  readonly eps?: number;
  /** Default 1e-5. */
  readonly atol?: number;
  /** Relative to the difference quotient. Default 1e-3. */
  readonly rtol?: number;
}

/** One element whose derivative is wrong. */
export interface Mismatch {
  /** Which input, and which of its elements in row-major order. */
  readonly input: number;
  readonly element: number;
  /** By the backward rules. */
  readonly analytic: number;
  /** By central differences, (f(x + eps) − f(x − eps))/2eps. */
  readonly numeric: number;
}

/** Weights that tell the elements of an output apart: its gradient must be right in every one, not only in the sum. */
function weights(shape: readonly number[], like: Tensor): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return like.newTensor(
    Array.from({ length: size }, (_, i) => Math.cos(1 + 2.4 * i)),
    shape,
  );
}

/** One tensor or several, at least one of which has a gradient to check. */
function checkInputs(name: string, given: Tensor | readonly Tensor[]): readonly Tensor[] {
  const inputs = given instanceof Tensor ? [given] : given;
  if (inputs.some((input) => input.requiresGrad)) return inputs;
  throw new GradientError(`${name}: expected an input with { requiresGrad: true }, got none.`);
}

/**
 * Compares the gradients of `f` with central differences, for every element of every input that requires a gradient.
 * Inputs should be float64: in float32 the differences are noise. They are changed and restored on the way.
 * @returns The elements that disagree; empty if the gradients are right.
 */
export function gradcheck(
  f: (...inputs: Tensor[]) => Tensor,
  given: Tensor | readonly Tensor[],
  { eps = 1e-6, atol = 1e-5, rtol = 1e-3 }: GradcheckOptions = {},
): Mismatch[] {
  const inputs = checkInputs('gradcheck', given);
  const output = f(...inputs);
  const seed = weights(output.shape, output.detach());
  const wanted = inputs.filter((input) => input.requiresGrad);
  const gradients = grad(output, wanted, { gradOutputs: seed, allowUnused: true });
  const value = () =>
    noGrad(() =>
      f(...inputs)
        .mul(seed)
        .sum()
        .item(),
    );
  const mismatches: Mismatch[] = [];
  wanted.forEach((input, w) => {
    const gradient = gradients[w];
    const analytic = gradient === null ? new Float64Array(input.numel()) : elements(gradient);
    if (!input.isContiguous()) {
      throw new GradientError(
        `gradcheck: expected contiguous inputs, input ${inputs.indexOf(input)} isn't. Use clone().`,
      );
    }
    const { data } = input.storage;
    for (let i = 0; i < input.numel(); i++) {
      const place = input.offset + i;
      const x = data[place];
      data[place] = x + eps;
      const above = value();
      data[place] = x - eps;
      const numeric = (above - value()) / (2 * eps);
      data[place] = x;
      if (Math.abs(analytic[i] - numeric) <= atol + rtol * Math.abs(numeric)) continue;
      mismatches.push({ input: inputs.indexOf(input), element: i, analytic: analytic[i], numeric });
    }
  });
  return mismatches;
}

/** The same for second derivatives: checks the gradients of the gradients of `f`. */
export function gradgradcheck(
  f: (...inputs: Tensor[]) => Tensor,
  given: Tensor | readonly Tensor[],
  options?: GradcheckOptions,
): Mismatch[] {
  const inputs = checkInputs('gradgradcheck', given);
  const wanted = inputs.filter((input) => input.requiresGrad);
  // Differences are taken without a graph, but here the graph is the function.
  const gradients = (...points: Tensor[]): Tensor =>
    enableGrad(() => {
      const output = f(...points);
      const seed = weights(output.shape, output.detach());
      const first = grad(output, wanted, { gradOutputs: seed, createGraph: true, allowUnused: true });
      const terms = first.flatMap((g) =>
        g === null || !g.requiresGrad ? [] : [g.mul(weights(g.shape, g.detach())).sum()],
      );
      return terms.reduce((a, b) => a.add(b), tensor(0, { dtype: 'float64' }));
    });
  const linear = !gradients(...inputs).requiresGrad;
  return linear ? [] : gradcheck(gradients, inputs, options);
}
