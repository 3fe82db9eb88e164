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
  /** It was made of −∞ that a mask had put there. */
  readonly masked?: true;
}

/**
 * The first operation (in order of execution) on the way to `root` whose output isn't finite while all its inputs
 * are; or, failing that, the first one that was given a leaf that isn't. Null if `root` is finite. −∞ that comes of a
 * constant is a mask, and meant: a softmax makes 0 of it. What makes anything else of it is where things went wrong.
 */
export function birthOfNonFinite(root: Tensor): Birth | null {
  if (!root.node || firstNonFinite(root) === null) return null;
  const outputs = new Map<TapeNode, Tensor>([[root.node, root]]);
  for (const [{ inputs }] of outputs) {
    for (const input of inputs) if (input.node) outputs.set(input.node, input); // a Map iterates over what is added to it
  }
  const inOrder = [...outputs].sort(([a], [b]) => a.sequence - b.sequence);
  const masked = new Set<TapeNode>();
  const isMask = ({ node }: Tensor, bad: string) => bad === MASK && (node === null || masked.has(node));
  let mask: Birth | null = null;
  for (const [node, output] of inOrder) {
    const { operation } = node;
    const value = worst(output);
    const given = node.inputs.flatMap((input) => {
      const bad = worst(input);
      return bad === null ? [] : [{ bad, input }];
    });
    const meant = given.every(({ bad, input }) => isMask(input, bad));
    if (value === null && meant) continue;
    if (value === MASK && meant && given.length) {
      masked.add(node);
      mask ??= { node, operation, value, inputs: [] };
      continue;
    }
    const leaf = given.find(({ bad, input }) => input.node === null || !isMask(input, bad));
    if (leaf) return { node, operation, value: leaf.bad, inputs: [] };
    const born = { node, operation, value: value ?? 'NaN', inputs: node.inputs.map(range) };
    return given.length ? { ...born, masked: true } : born;
  }
  return mask;
}

const MASK = '-Infinity';

/** `NaN` or `Infinity` if a tensor holds one, `-Infinity` if it holds nothing worse than that, null if it's finite. */
function worst(tensor: Tensor): string | null {
  let found: string | null = null;
  for (const x of elements(tensor)) {
    if (Number.isFinite(x)) continue;
    if (x !== -Infinity) return String(x);
    found = MASK;
  }
  return found;
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
