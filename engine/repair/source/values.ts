import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import type { Source } from './source.ts';

/** What binds a name to a value, in both languages. */
const BINDING = ['variable_declarator', 'public_field_definition', 'assignment', 'assignment_expression'];

/** What a variable or a field (`std`, `self.std`) is given: in the function that it's read in, else in the whole text. */
export function valuesOf(source: Source, name: Node): Node[] {
  const around = source.functionOf(name);
  const own = around ? givenWithin(around, name.text) : [];
  return own.length ? own : givenWithin(source.root, name.text);
}

const givenWithin = (scope: Node, name: string): Node[] =>
  BINDING.flatMap((type) =>
    descendantsOf(scope, type).flatMap((node) => {
      const target = node.childForFieldName('left') ?? node.childForFieldName('name');
      const value = node.childForFieldName('right') ?? node.childForFieldName('value');
      return target && value ? givenTo(target, value, name) : [];
    }),
  );

/** `mean, std = x.mean(0), x.std(0)` gives its own to each; what one value is taken apart into is not told. */
function givenTo(target: Node, value: Node, name: string): Node[] {
  if (target.text === name) return [value];
  if (!/^(?:pattern_list|tuple_pattern|list_pattern|array_pattern)$/.test(target.type)) return [];
  const [targets, values] = [childrenOf(target), childrenOf(value)];
  const at = targets.findIndex(({ text }) => text === name);
  if (at < 0) return [];
  const isList = /^(?:expression_list|tuple|list|array)$/.test(value.type) && values.length === targets.length;
  return [isList ? values[at] : value];
}

/** `std.clamp_(…)`, `std[std == 0] = 1`, `std += 1e-6`. */
export function isChangedInPlace(source: Source, name: string): boolean {
  const own = (node: Node | null | undefined) => node?.text === name;
  const isTarget = (node: Node) => {
    const target = node.childForFieldName('left');
    const isElement = /^subscript/.test(target?.type ?? '') && own(target?.firstNamedChild);
    return isElement || (/^augmented/.test(node.type) && own(target));
  };
  return (
    source.calls.some((call) => /[^_]_$/.test(call.name) && own(call.receiver)) ||
    [...BINDING, 'augmented_assignment', 'augmented_assignment_expression'].some((type) =>
      descendantsOf(source.root, type).some(isTarget),
    )
  );
}
