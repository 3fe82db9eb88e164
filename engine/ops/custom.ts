import { ArgumentError, ShapeError, showShape } from '../tensor/errors.ts';
import { sameShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Composed } from './operation.ts';
import { spread } from './sample.ts';

/** What a user's forward hands to the user's backward. */
export class FunctionContext {
  /** In backward: what `saveForBackward` was given, checked for changes in place. */
  savedTensors: readonly Tensor[] = [];
  /** In backward: which arguments want a gradient. */
  needsInputGrad: readonly boolean[] = [];
  /** Anything else that forward wants to leave for backward. */
  readonly values: Record<string, unknown> = {};
  #toSave: readonly Tensor[] = [];

  /** Call it in forward: these tensors are kept until backward. */
  saveForBackward(...tensors: Tensor[]): void {
    this.#toSave = tensors;
  }

  /** What forward asked to save, once. */
  takeSaved(): readonly Tensor[] {
    const taken = this.#toSave;
    this.#toSave = [];
    return taken;
  }
}

/** A user's own operation. `backward` returns a gradient for each argument of forward, null where there is none. */
export interface Definition {
  readonly name: string;
  forward(context: FunctionContext, ...args: unknown[]): Tensor;
  backward(context: FunctionContext, gradient: Tensor): Tensor | null | readonly (Tensor | null)[];
}

export interface Custom {
  readonly definition: Definition;
  readonly context: FunctionContext;
  /** The arguments of forward; tensors are taken from the inputs instead, in order of `positions`. */
  readonly args: readonly unknown[];
  readonly positions: readonly number[];
}

const cube: Definition = {
  name: 'cube',
  forward(context, x) {
    context.saveForBackward(x as Tensor);
    return (x as Tensor).pow(3);
  },
  backward: (context, gradient) => gradient.mul(context.savedTensors[0].square()).mul(3),
};

/** An operation whose forward and backward a user wrote. */
export const custom: Composed<Custom> = {
  compute(inputs, { definition, context, args, positions }, keep) {
    const all = [...args];
    positions.forEach((position, i) => {
      all[position] = inputs[i];
    });
    const output: unknown = definition.forward(context, ...all);
    if (!(output instanceof Tensor)) {
      throw new ArgumentError(
        `${definition.name}.forward: expected one tensor to be returned, got ${Array.isArray(output) ? 'an array' : typeof output}.`,
      );
    }
    for (const tensor of context.takeSaved()) keep(tensor);
    return output;
  },
  saves: [],
  backward(g, { attributes, inputs, needs, savedCount, saved }) {
    const { definition, context, args, positions } = attributes;
    context.savedTensors = Array.from({ length: savedCount }, (_, i) => saved(i));
    context.needsInputGrad = args.map((_, position) => needs[positions.indexOf(position)] ?? false);
    const answer = definition.backward(context, g);
    const gradients: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
    if (gradients.length < args.length && args.length > 1) {
      throw new ArgumentError(
        `${definition.name}.backward: expected a gradient (or null) for each of ${args.length} arguments of forward, got ${gradients.length}.`,
      );
    }
    return positions.map((position, i) => {
      const gradient = gradients[position] ?? null;
      if (gradient === null) return null;
      if (!(gradient instanceof Tensor)) {
        throw new ArgumentError(
          `${definition.name}.backward: expected a tensor or null for argument ${position}, got ${typeof gradient}.`,
        );
      }
      if (!sameShape(gradient.shape, inputs[i].shape)) {
        throw new ShapeError(
          `${definition.name}.backward: the gradient of argument ${position} has shape ${showShape(gradient.shape)}, ` +
            `expected that of the argument, ${showShape(inputs[i].shape)}.`,
        );
      }
      return gradient;
    });
  },
  samples: () => [
    {
      inputs: [spread([2, 3])],
      attributes: { definition: cube, context: new FunctionContext(), args: [null], positions: [0] },
    },
  ],
};
