import { descendantsOf, type Node } from '../../source/parser.ts';
import type { Source } from './source.ts';

/** `a.sub(b)`, `torch.sub(a, b)`, `a - b`. */
export interface Difference {
  readonly node: Node;
  readonly left: Node;
  readonly right: Node;
}

const OPERATIONS = ['binary_operator', 'binary_expression'];

/** Those of two tensors: what a number is taken from is still what it was. */
export function differencesIn(source: Source): Difference[] {
  const called = source.calls.flatMap(({ name, node, positional, receiver }) => {
    const [first, second] = positional;
    if (!/^sub(?:tract)?$/.test(name) || !first) return [];
    return [{ node, left: second ? first : receiver, right: second ?? first }];
  });
  const written = OPERATIONS.flatMap((type) =>
    descendantsOf(source.root, type).flatMap((node) => {
      const right = node.childForFieldName('right');
      if (node.childForFieldName('operator')?.text !== '-' || !right) return [];
      return [{ node, left: node.childForFieldName('left'), right }];
    }),
  );
  return [...called, ...written].filter(
    (one): one is Difference =>
      one.left !== null && ![one.left, one.right].some(({ text }) => /^[\d.e_-]+$/i.test(text)),
  );
}
