import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import { inSameFunction, type Source, same, within } from './source.ts';

/** What binds a name, by type of node: the field with the name, or with a pattern of names. */
const BINDING: readonly (readonly [type: string, field: string])[] = [
  ['assignment', 'left'],
  ['for_statement', 'left'],
  ['function_definition', 'name'],
  ['class_definition', 'name'],
  ['variable_declarator', 'name'],
  ['for_in_statement', 'left'],
  ['function_declaration', 'name'],
  ['class_declaration', 'name'],
];

/** Where a name is bound. */
interface Binding {
  /** The function, or class body, that binds it; null for the whole text, and for what is bound nowhere in it. */
  readonly scope: Node | null;
  /** The parameter that it comes by; null if it comes by none. */
  readonly parameter: Node | null;
}

/** What a name is bound to at a place. */
function bindingOf(source: Source, name: string, node: Node): Binding {
  for (const scope of scopesAround(source, node)) {
    const parameter = parameterIn(scope, name);
    if (parameter || binds(source, scope, name)) return { scope, parameter };
  }
  return { scope: null, parameter: null };
}

/** The parameter of the innermost function around a place that a name comes by; null if it comes by none. */
export const parameterOf = (source: Source, name: string, node: Node): Node | null =>
  parameterIn(source.functionOf(node), name);

/**
 * Whether an expression (`model.parameters()`, `this.optimizer`) that is written at `made` means the same at `node`: by its
 * first word. What comes by a parameter of that name is taken for what is handed on.
 */
export function meansTheSame(source: Source, expression: string, made: Node, node: Node): boolean {
  const [word] = /^[\w$]+/.exec(expression) ?? [''];
  if (word === source.dialect.self) {
    const together = source.functionOf(made) !== null && inSameFunction(source, made, node);
    return together || same(source.classOf(made), source.classOf(node));
  }
  const there = bindingOf(source, word, node);
  return there.parameter !== null || isSame(bindingOf(source, word, made).scope, there.scope);
}

/** Whether a new name that is declared beside a statement can be used at a place. */
export function reaches(source: Source, declared: Node, node: Node): boolean {
  const [scope = null] = scopesAround(source, declared);
  if (scope === null) return true;
  return source.dialect.functions.has(scope.type)
    ? within(node, scope)
    : isSame(scopesAround(source, node)[0] ?? null, scope);
}

const isSame = (a: Node | null, b: Node | null): boolean => (a === null && b === null) || same(a, b);

/** Innermost first. What Python's class bodies bind is known in them alone, not in their methods. */
function scopesAround(source: Source, node: Node): Node[] {
  const scopes: Node[] = [];
  for (let at = node.parent; at; at = at.parent) {
    const isBody = source.isPython && scopes.length === 0 && at.type === 'class_definition';
    if (isBody || source.dialect.functions.has(at.type)) scopes.push(at);
  }
  return scopes;
}

function parameterIn(scope: Node | null, name: string): Node | null {
  const single = scope?.childForFieldName('parameter');
  const parameters = single ? [single] : childrenOf(scope?.childForFieldName('parameters') ?? null);
  return parameters.find((parameter) => /^\w+/.exec(parameter.text)?.[0] === name) ?? null;
}

function binds(source: Source, scope: Node, name: string): boolean {
  return BINDING.some(([type, field]) =>
    descendantsOf(scope, type).some((node) => {
      const bound = node.childForFieldName(field);
      // `self.model = …` binds nothing
      const names: readonly string[] = bound && !bound.text.includes('.') ? (bound.text.match(/[\w$]+/g) ?? []) : [];
      return names.includes(name) && same(scopesAround(source, node)[0], scope);
    }),
  );
}
