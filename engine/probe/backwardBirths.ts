import type { TapeNode } from '../autograd/tape.ts';
import { isContiguous, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Birth, firstNonFinite, range } from './birth.ts';

/** Of a larger gradient (in single precision), so many elements are looked at; if one of them isn't finite, all are. */
const FEW = 4;
/** What is made and thrown away again at every step (the root of a constant 0, say) is looked at no longer. */
const MOST = 100;

/**
 * Where a gradient that isn't finite is made of one that is. Whether it gets anywhere shows in the end: what is made at 0 may
 * lead to no weight.
 */
export class BackwardBirths {
  #suspect: Birth | null = null;
  #count = 0;

  /** A rule of the tape has been applied. */
  passed(node: TapeNode, gradient: Tensor, inputGradients: readonly (Tensor | null)[]): void {
    if (this.#suspect || this.#count >= MOST || !seemBroken(inputGradients) || firstNonFinite(gradient) !== null)
      return;
    const value = inputGradients.map((made) => made && firstNonFinite(made)).find((bad) => bad !== null) ?? 'NaN';
    this.#suspect = { node, operation: node.operation, value, inputs: node.inputs.map(range) };
    this.#count++;
  }

  /** A backward pass is over. What broke the gradients of its leaves; null if they are finite, or that wasn't seen. */
  over(leaves: readonly Tensor[]): Birth | null {
    const birth = this.#suspect;
    this.#suspect = null;
    if (!birth) return null;
    return leaves.some(({ accumulated }) => accumulated && firstNonFinite(accumulated) !== null) ? birth : null;
  }
}

/** Without closures and copies: it's asked of every rule of every pass. */
function seemBroken(made: readonly (Tensor | null)[]): boolean {
  for (let i = 0; i < made.length; i++) {
    const one = made[i];
    if (one !== null && isContiguous(one) && seemsBroken(one)) return true;
  }
  return false;
}

function seemsBroken({ storage: { data }, offset, shape }: Tensor): boolean {
  if (!(data instanceof Float32Array)) return false;
  const size = sizeOf(shape);
  const step = size > FEW ? Math.floor(size / FEW) : 1;
  for (let i = 0; i < size; i += step) if (!Number.isFinite(data[offset + i])) return true;
  return false;
}
