import type { Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { assignedIn } from './modelClass.ts';
import { refuse } from './refusal.ts';
import { type Source, same } from './source.ts';

/** Nothing comes between it and what stands beside it. */
export const SIMPLE =
  /^(?:identifier|call|call_expression|attribute|member_expression|subscript|subscript_expression|parenthesized_expression)$/;
/** Where an expression stands alone, whatever it's made of: behind `=`, behind `return`, as an argument. */
const ALONE =
  /^(?:assignment|assignment_expression|variable_declarator|return_statement|argument_list|arguments|expression_statement)$/;

/** Leaves of an expression only a part of it, with brackets as far as they're needed. */
export function unwrapped(source: Source, whole: Node, part: Node): TextEdit[] {
  let [outer, inner] = [whole, part];
  if (SIMPLE.test(inner.type)) {
    // `(-loss).backward()`, but not what is called: `f(-loss)`
    while (outer.parent?.type === 'parenthesized_expression') outer = outer.parent;
  }
  const alone = ALONE.test(outer.parent?.type ?? '');
  // `loss = -loss` would become `loss = loss`
  const assigned = assignedIn(source.statementOf(outer));
  if (assigned && same(assigned.value, outer) && assigned.name === inner.text)
    return [source.without(source.statementOf(outer))];
  const bare = inner.type === 'parenthesized_expression' ? inner.firstNamedChild : null;
  const bareIsEnough = bare !== null && (alone || (SIMPLE.test(bare.type) && !same(bare, inner)));
  if (bare && bareIsEnough && !inner.text.includes('\n')) inner = bare;
  for (const between of [
    source.text.slice(outer.startIndex, inner.startIndex),
    source.text.slice(inner.endIndex, outer.endIndex),
  ])
    if (/#|\/\/|\/\*/.test(between)) refuse('a comment stands where the minus would be taken away');
  const bracketed = !alone && !SIMPLE.test(inner.type) && outer.parent?.type !== 'parenthesized_expression';
  const [open, close] = bracketed && isOperand(outer) ? ['(', ')'] : ['', ''];
  return [
    { start: outer.startIndex, end: inner.startIndex, newText: open },
    { start: inner.endIndex, end: outer.endIndex, newText: close },
  ].filter(({ start, end, newText }) => end > start || newText !== '');
}

const isOperand = ({ parent }: Node): boolean =>
  /^(?:binary_operator|binary_expression|unary_operator|unary_expression|attribute|member_expression|subscript)$/.test(
    parent?.type ?? '',
  );
