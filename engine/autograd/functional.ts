import { stack } from '../tensor/create.ts';
import { ArgumentError, GradientError, ShapeError, showShape } from '../tensor/errors.ts';
import { sameShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { grad } from './grad.ts';
import { enableGrad } from './mode.ts';

// Derivatives of a function as a whole: PyTorch's `torch.autograd.functional`. A function takes one tensor or several and returns
// one. Where PyTorch answers in tuples, these answer in arrays.

/** One tensor, or one for each input. */
type OneOrMany = Tensor | readonly Tensor[];

export interface DerivativeOptions {
  /** Record the computation, so that the answer can be differentiated with respect to the inputs. Default false. */
  readonly createGraph?: boolean;
}

const listOf = (given: OneOrMany): readonly Tensor[] => (given instanceof Tensor ? [given] : given);

/** In the form of `like`: one tensor for one, a list for a list. */
const inFormOf = <I extends OneOrMany>(like: I, list: Tensor[]): Same<I> =>
  (like instanceof Tensor ? list[0] : list) as Same<I>;

type Same<I> = I extends Tensor ? Tensor : Tensor[];
type Parameters<I> = I extends Tensor ? [input: Tensor] : Tensor[];
/** What is differentiated. */
type Differentiable<I> = (...inputs: Parameters<I>) => Tensor;

interface Evaluated {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
}

/** The function at its inputs, recorded from there. */
function evaluate<I extends OneOrMany>(name: string, f: Differentiable<I>, given: I, createGraph: boolean): Evaluated {
  // With a graph the inputs keep what lies behind them; a view makes them separate from what f may hold of them.
  const fresh = (input: Tensor): Tensor => {
    const recorded = createGraph && input.requiresGrad;
    return recorded ? input.view(input.shape) : input.detach().requiresGrad_();
  };
  return enableGrad(() => {
    const inputs = listOf(given).map(fresh);
    const output: unknown = f(...(inputs as Parameters<I>));
    if (output instanceof Tensor) return { inputs, output };
    throw new ArgumentError(`${name}: expected a function that returns one tensor, got ${typeof output}.`);
  });
}

/** Vectors of the shapes of some tensors; 1 for a scalar if none are given. */
function checkVectors(name: string, given: OneOrMany | undefined, like: readonly Tensor[], what: string): Tensor[] {
  if (given === undefined) {
    if (like.length === 1 && like[0].numel() === 1) return [like[0].newTensor([1], like[0].shape)];
    throw new GradientError(
      `${name}: expected v, of the shape of the ${what}, ${like.map(({ shape }) => showShape(shape)).join(' and ')}. ` +
        'Only for one number it can be left out.',
    );
  }
  const vectors = listOf(given);
  if (vectors.length === like.length && vectors.every((v, i) => sameShape(v.shape, like[i].shape))) return [...vectors];
  const show = (list: readonly Tensor[]) => list.map(({ shape }) => showShape(shape)).join(' and ');
  throw new ShapeError(`${name}: expected v of the shape of the ${what}, ${show(like)}, got ${show(vectors)}.`);
}

/** Gradients of `output · gradient`; zeros where the output doesn't depend on an input. */
function pull(output: Tensor, inputs: readonly Tensor[], gradient: Tensor, createGraph: boolean): Tensor[] {
  const zerosLike = (x: Tensor) => x.newTensor(new Uint8Array(x.numel()), x.shape);
  if (!output.requiresGrad) return inputs.map(zerosLike);
  const found = grad(output, inputs, { gradOutputs: gradient, createGraph, retainGraph: true, allowUnused: true });
  return found.map((g, i) => g ?? zerosLike(inputs[i]));
}

/** Without createGraph, results have no history. */
const answer = (tensor: Tensor, { createGraph = false }: DerivativeOptions): Tensor =>
  createGraph ? tensor : tensor.detach();

/** vᵀJ: the gradients of f(inputs)·v. `v` has the shape of the output, and is 1 for a scalar by default. */
export function vjp<I extends OneOrMany>(
  f: Differentiable<I>,
  inputs: I,
  v?: Tensor,
  options: DerivativeOptions = {},
): { output: Tensor; vjp: Same<I> } {
  const { createGraph = false } = options;
  const { inputs: points, output } = evaluate('vjp', f, inputs, createGraph);
  const [vector] = checkVectors('vjp', v, [output], 'output');
  return { output: answer(output, options), vjp: inFormOf(inputs, pull(output, points, vector, createGraph)) };
}

/** J·v by double backward: uᵀJ is linear in u, and its transpose is J. Zeros where the output doesn't depend on the inputs. */
function push(output: Tensor, inputs: readonly Tensor[], vectors: readonly Tensor[], createGraph: boolean): Tensor {
  return enableGrad(() => {
    const u = output.newTensor(new Uint8Array(output.numel()), output.shape).requiresGrad_();
    const products = pull(output, inputs, u, true).map((g, i) => g.mul(vectors[i]).sum());
    const total = products.reduce((a, b) => a.add(b));
    return pull(total, [u], total.newTensor([1], []), createGraph)[0];
  });
}

/** J·v: how the output changes along `v`, which has the shapes of the inputs. By two backward passes; there is no forward mode. */
export function jvp<I extends OneOrMany>(
  f: Differentiable<I>,
  inputs: I,
  v?: I,
  options: DerivativeOptions = {},
): { output: Tensor; jvp: Tensor } {
  const { inputs: points, output } = evaluate('jvp', f, inputs, options.createGraph ?? false);
  const vectors = checkVectors('jvp', v, points, 'inputs');
  return {
    output: answer(output, options),
    jvp: answer(push(output, points, vectors, options.createGraph ?? false), options),
  };
}

/** Row by row, one backward pass each: [output…, input…] for every input. */
function rows(output: Tensor, inputs: readonly Tensor[], createGraph: boolean): Tensor[] {
  const size = output.numel();
  const found = Array.from({ length: size }, (_, i) => {
    const unit = new Uint8Array(size);
    unit[i] = 1;
    return pull(output, inputs, output.newTensor(unit, output.shape), createGraph);
  });
  return inputs.map((input, which) => {
    const shape = [...output.shape, ...input.shape];
    if (size === 0) return input.newTensor([], shape);
    return enableGrad(() => stack(found.map((row) => row[which])).reshape(shape));
  });
}

/** All first derivatives: [output…, input…], for several inputs one of each. */
export function jacobian<I extends OneOrMany>(
  f: Differentiable<I>,
  inputs: I,
  options: DerivativeOptions = {},
): Same<I> {
  const { createGraph = false } = options;
  const { inputs: points, output } = evaluate('jacobian', f, inputs, createGraph);
  return inFormOf(
    inputs,
    rows(output, points, createGraph).map((j) => answer(j, options)),
  );
}

function expectScalar(name: string, { shape }: Tensor): void {
  if (shape.every((n) => n === 1)) return;
  throw new GradientError(`${name}: expected a function that returns a scalar, got shape ${showShape(shape)}.`);
}

/**
 * All second derivatives of a scalar function: [input…, input…]; for several inputs a list of lists, as in PyTorch.
 * @throws GradientError unless f returns one number.
 */
export function hessian<I extends OneOrMany>(
  f: Differentiable<I>,
  inputs: I,
  options: DerivativeOptions = {},
): I extends Tensor ? Tensor : Tensor[][] {
  const { createGraph = false } = options;
  const { inputs: points, output } = evaluate('hessian', f, inputs, createGraph);
  expectScalar('hessian', output);
  const first = pull(output, points, output.newTensor([1], output.shape), true);
  const blocks = first.map((g) => rows(g, points, createGraph).map((block) => answer(block, options)));
  return (inputs instanceof Tensor ? blocks[0][0] : blocks) as I extends Tensor ? Tensor : Tensor[][];
}

/**
 * The Hessian of a scalar function times `v`, without computing the Hessian.
 * @throws GradientError unless f returns one number.
 */
export function hvp<I extends OneOrMany>(
  f: Differentiable<I>,
  inputs: I,
  v?: I,
  options: DerivativeOptions = {},
): { output: Tensor; hvp: Same<I> } {
  const { createGraph = false } = options;
  const { inputs: points, output } = evaluate('hvp', f, inputs, createGraph);
  expectScalar('hvp', output);
  const vectors = checkVectors('hvp', v, points, 'inputs');
  // The Hessian is symmetric: H·v is the gradient of g·v.
  const products = enableGrad(() => {
    const first = pull(output, points, output.newTensor([1], output.shape), true);
    return first.map((g, i) => g.mul(vectors[i]).sum()).reduce((a, b) => a.add(b));
  });
  const second = pull(products, points, products.newTensor([1], []), createGraph);
  return {
    output: answer(output, options),
    hvp: inFormOf(
      inputs,
      second.map((part) => answer(part, options)),
    ),
  };
}

/** vᵀ times the Hessian of a scalar function; the same as `hvp`, for the Hessian is symmetric. */
export function vhp<I extends OneOrMany>(
  f: Differentiable<I>,
  inputs: I,
  v?: I,
  options: DerivativeOptions = {},
): { output: Tensor; vhp: Same<I> } {
  const { output, hvp: product } = hvp(f, inputs, v, options);
  return { output, vhp: product };
}
