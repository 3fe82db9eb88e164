import type { TapeNode } from '../autograd/tape.ts';
import { type Custom, FunctionContext } from '../ops/custom.ts';
import { isFloating } from '../tensor/dtype.ts';
import { elements, wrap } from '../tensor/elements.ts';
import { randomState, replayed } from '../tensor/random.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Elements of an argument that are checked; larger ones cost too much. */
const MOST_ELEMENTS = 2 ** 16;
/** Functions checked in one run. */
const MOST_FUNCTIONS = 32;
/** Half the distance of the two points of a difference; they are computed in float64. */
const EPSILON = 1e-4;
/** Between the two steps of a difference, and between the difference and the backward, which may be float32. */
const SMOOTH = 0.01;
const TOLERANCE = 0.05;
const DIRECTIONS = 3;

/** A backward that isn't its forward's derivative. */
export interface WrongBackward {
  readonly function: string;
  readonly argument: number;
  readonly analytic: number;
  readonly numeric: number;
}

/**
 * Checks users' own functions when their backward is first used, along random directions: gradient·(f(x + εv) −
 * f(x − εv))/2ε against the backward's own answer times v. What is done on purpose is no fault: a straight-through
 * estimator (the forward is flat where the backward isn't), a gradient reversal or scaling (the forward is the
 * identity), a forward that draws random numbers.
 */
export class CustomFunctions {
  readonly #checked = new Set<unknown>();

  /** Null if nothing is wrong, or it has been checked before. Runs the user's forward: nobody must be observing. */
  check(node: TapeNode, gradient: Tensor, answers: readonly (Tensor | null)[]): WrongBackward | null {
    const { definition } = node.attributes as Custom;
    if (this.#checked.has(definition) || this.#checked.size >= MOST_FUNCTIONS) return null;
    this.#checked.add(definition);
    try {
      return replayed(randomState(), () => compare(node, gradient, answers));
    } catch {
      return null; // a forward that can't be run once more (another type of numbers, a state of its own) isn't judged
    }
  }
}

function compare(node: TapeNode, gradient: Tensor, answers: readonly (Tensor | null)[]): WrongBackward | null {
  const { inputs, shape } = node;
  const points = inputs.map((input) => (isFloating(input.dtype) ? Float64Array.from(elements(input)) : null));
  const weights = elements(gradient);
  const evaluate = (moved: number, point: Float64Array): Float64Array | null => {
    const output = forward(
      node,
      inputs.map((input, i) => {
        const data = i === moved ? point : points[i];
        return data ? wrap(Float64Array.from(data), 'float64', input.shape) : input;
      }),
    );
    return sameShape(output.shape, shape) ? Float64Array.from(elements(output)) : null;
  };
  for (const [i, answer] of answers.entries()) {
    const x = points[i];
    if (!x || !answer || x.length > MOST_ELEMENTS || answer.numel() !== x.length) continue;
    const here = evaluate(i, x);
    const again = evaluate(i, x);
    if (!here || !again || here.some((v, k) => v !== again[k])) return null; // it draws random numbers
    if (here.length === x.length && here.every((v, k) => v === x[k])) continue; // the identity: backward is the point
    const slope = Float64Array.from(elements(answer));
    let wrong: WrongBackward | null = null;
    for (let d = 0; d < DIRECTIONS; d++) {
      const v = Float64Array.from(x, (_, k) => Math.cos(1 + 2.4 * k + d));
      const scale = EPSILON * Math.max(1e-3, rootMeanSquare(x));
      const quotient = (epsilon: number) => {
        const above = evaluate(
          i,
          x.map((value, k) => value + epsilon * v[k]),
        );
        const below = evaluate(
          i,
          x.map((value, k) => value - epsilon * v[k]),
        );
        return above && below
          ? above.reduce((sum, a, k) => sum + (weights[k] * (a - below[k])) / (2 * epsilon), 0)
          : NaN;
      };
      const [numeric, finer] = [quotient(scale), quotient(scale / 4)];
      const analytic = slope.reduce((sum, s, k) => sum + s * v[k], 0);
      // Sizes without regard to sign: where terms cancel, the rounding of the backward is all there is.
      const size = slope.reduce((sum, s, k) => sum + Math.abs(s * v[k]), 0);
      const smooth = Math.abs(numeric - finer) <= SMOOTH * Math.max(Math.abs(numeric), 1e-3 * size);
      if (!smooth || numeric === 0) return null; // at a kink; or flat, a straight-through estimator
      const difference = Math.abs(numeric - analytic);
      if (difference <= TOLERANCE * Math.max(Math.abs(numeric), Math.abs(analytic))) return null;
      if (difference <= TOLERANCE * 0.05 * size) continue; // terms cancel: this direction says nothing
      wrong ??= { function: (node.attributes as Custom).definition.name, argument: i, analytic, numeric };
    }
    if (wrong) return wrong;
  }
  return null;
}

/** The user's forward with a context of its own. */
function forward(node: TapeNode, inputs: readonly Tensor[]): Tensor {
  const { definition, args, positions } = node.attributes as Custom;
  const all = [...args];
  positions.forEach((position, i) => {
    all[position] = inputs[i];
  });
  return definition.forward(new FunctionContext(), ...all);
}

const rootMeanSquare = (x: Float64Array): number => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);
