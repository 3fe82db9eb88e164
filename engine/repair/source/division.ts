import { descendantsOf, type Node } from '../../source/parser.ts';
import type { Source } from './source.ts';

/** `a.div(b)`, `torch.div(a, b)`, `a / b`, `a /= b`. */
export interface Division {
  readonly node: Node;
  readonly dividend: Node | null;
  /** As it's written, brackets and all. */
  readonly divisor: Node;
  /** By an operator, beside which a sum needs brackets. */
  readonly binds: boolean;
}

const OPERATIONS = ['binary_operator', 'binary_expression', 'augmented_assignment', 'augmented_assignment_expression'];

export function divisionsIn(source: Source): Division[] {
  const called = source.calls.flatMap(({ name, node, positional, receiver }): Division[] => {
    const [first, second] = positional;
    if (!/^div_?$/.test(name) || !first) return [];
    return [{ node, dividend: second ? first : receiver, divisor: second ?? first, binds: false }];
  });
  const written = OPERATIONS.flatMap((type) =>
    descendantsOf(source.root, type).flatMap((node): Division[] => {
      const operator = node.childForFieldName('operator')?.text;
      const divisor = node.childForFieldName('right');
      if (!divisor || (operator !== '/' && operator !== '/=')) return [];
      return [{ node, dividend: node.childForFieldName('left'), divisor, binds: operator === '/' }];
    }),
  );
  return [...called, ...written];
}

/** Without brackets around it. */
export const bare = (node: Node | null): Node | null =>
  node?.type === 'parenthesized_expression' ? bare(node.firstNamedChild) : node;
