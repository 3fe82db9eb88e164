import type { TapeNode } from '../autograd/tape.ts';
import { elements } from '../tensor/elements.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Where a value that isn't finite came from. */
export interface Birth {
  readonly node: TapeNode | null;
  readonly operation: string;
  /** `NaN` or `Infinity`. */
  readonly value: string;
  /** Ranges of the inputs; empty if a leaf wasn't finite to begin with. */
  readonly inputs: readonly { readonly min: number; readonly max: number }[];
}

/**
 * The first operation (in order of execution) on the way to `root` whose output isn't finite while all its inputs
 * are; or, failing that, the first one that was given a leaf that isn't. Null if `root` is finite.
 */
export function birthOfNonFinite(root: Tensor): Birth | null {
  if (!root.node || firstNonFinite(root) === null) return null;
  const outputs = new Map<TapeNode, Tensor>([[root.node, root]]);
  for (const [{ inputs }] of outputs) {
    for (const input of inputs) if (input.node) outputs.set(input.node, input); // a Map iterates over what is added to it
  }
  const inOrder = [...outputs].sort(([a], [b]) => a.sequence - b.sequence);
  for (const [node, output] of inOrder) {
    const value = firstNonFinite(output);
    const given = node.inputs.map(firstNonFinite).find((bad) => bad !== null);
    if (value === null && given === undefined) continue;
    if (given !== undefined) return { node, operation: node.operation, value: given, inputs: [] };
    return { node, operation: node.operation, value: value ?? 'NaN', inputs: node.inputs.map(range) };
  }
  return null;
}

export function firstNonFinite(tensor: Tensor): string | null {
  for (const x of elements(tensor)) if (!Number.isFinite(x)) return String(x);
  return null;
}

export function range(tensor: Tensor): { readonly min: number; readonly max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const x of elements(tensor)) {
    if (x < min) min = x;
    if (x > max) max = x;
  }
  return { min, max };
}
