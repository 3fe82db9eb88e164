import type { Custom, Definition } from '../ops/custom.ts';
import { FunctionContext } from '../ops/custom.ts';
import { GradientError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { apply } from './apply.ts';

/**
 * An operation with a backward of one's own: subclass it with static `forward(context, …arguments)` and
 * `backward(context, gradient)`, and call `Subclass.apply(…arguments)`. Forward is not recorded; backward returns a gradient for
 * each argument, null for none. `gradcheck` tells whether it is right.
 */
// biome-ignore lint/complexity/noStaticOnlyClass: it is PyTorch's form, which users know
export class CustomFunction {
  static forward(_context: FunctionContext, ..._args: never[]): Tensor {
    throw new GradientError('autograd.Function: define static forward(context, …) in the class.');
  }

  static backward(_context: FunctionContext, _gradient: Tensor): Tensor | null | readonly (Tensor | null)[] {
    throw new GradientError('autograd.Function: define static backward(context, gradient) in the class.');
  }

  static apply(...args: unknown[]): Tensor {
    const positions = [...args.keys()].filter((i) => args[i] instanceof Tensor);
    const attributes: Custom = {
      // biome-ignore lint/complexity/noThisInStatic: the subclass, whose name, forward and backward these are
      definition: this as unknown as Definition,
      context: new FunctionContext(),
      args: args.map((arg) => (arg instanceof Tensor ? null : arg)),
      positions,
    };
    return apply(
      'custom',
      positions.map((i) => args[i] as Tensor),
      attributes,
    );
  }
}
