import { childrenOf, type Node } from '../parser.ts';

/** Where a Python variable got the value that it has at a reference, as far as the text tells. */
export type Binding =
  /** `name = value`, `name: T = value`, `(name := value)`; in `a, name = value` it is an item of the value. */
  | { readonly kind: 'assignment'; readonly node: Node; readonly value: Node; readonly item: number | null }
  /** `for name in over`, also in a comprehension; in `for a, name in over` it has a position. */
  | { readonly kind: 'loop'; readonly over: Node; readonly item: number | null }
  /** A parameter of a function: its value comes from elsewhere. */
  | { readonly kind: 'parameter' };

const FUNCTIONS = new Set(['function_definition', 'lambda']);

/** Null for names that are imported, defined (functions, classes) or unknown. */
export function bindingOf(reference: Node): Binding | null {
  const name = reference.text;
  for (let scope = reference.parent; scope; scope = scope.parent) {
    const looped = comprehensionBinding(scope, name);
    if (looped) return looped;
    const isFunction = FUNCTIONS.has(scope.type);
    if (!isFunction && scope.type !== 'module' && !isOwnClassBody(scope, reference)) continue;
    const bound = lastBinding(bindingsIn(scope, name), reference, scope);
    if (bound) return bound;
    if (isFunction && hasParameter(scope, name)) return { kind: 'parameter' };
  }
  return null;
}

/** Names of a class's body are visible in the body itself, not in its methods. */
function isOwnClassBody(scope: Node, reference: Node): boolean {
  if (scope.type !== 'class_definition') return false;
  for (let at = reference.parent; at && at.id !== scope.id; at = at.parent) if (FUNCTIONS.has(at.type)) return false;
  return true;
}

function comprehensionBinding(scope: Node, name: string): Binding | null {
  for (const clause of childrenOf(scope)) {
    if (clause.type !== 'for_in_clause') continue;
    const binding = loopBinding(clause, name);
    if (binding) return binding;
  }
  return null;
}

function hasParameter(scope: Node, name: string): boolean {
  const parameters = childrenOf(scope.childForFieldName('parameters'));
  return parameters.some((node) => {
    const target = node.childForFieldName('name') ?? (node.type === 'identifier' ? node : childrenOf(node)[0]);
    return target?.text === name;
  });
}

interface Placed {
  readonly at: Node;
  readonly binding: Binding;
}

/** All that gives the name a value in a scope, not in functions and classes within it. */
function bindingsIn(scope: Node, name: string): Placed[] {
  const found: Placed[] = [];
  const visit = (node: Node) => {
    for (const child of childrenOf(node)) {
      const binding = bindingBy(child, name);
      if (binding) found.push({ at: child, binding });
      if (!FUNCTIONS.has(child.type) && child.type !== 'class_definition') visit(child);
    }
  };
  visit(scope);
  return found;
}

function bindingBy(node: Node, name: string): Binding | null {
  if (node.type === 'for_statement') return loopBinding(node, name);
  if (node.type === 'assignment') {
    const value = node.childForFieldName('right');
    const item = itemOf(node.childForFieldName('left'), name);
    return value && item !== undefined ? { kind: 'assignment', node, value: lastOfChain(value), item } : null;
  }
  if (node.type === 'named_expression' && node.childForFieldName('name')?.text === name) {
    const value = node.childForFieldName('value');
    return value && { kind: 'assignment', node, value, item: null };
  }
  return null;
}

/** `a = b = value` nests to the right. */
function lastOfChain(value: Node): Node {
  const right = value.type === 'assignment' ? value.childForFieldName('right') : null;
  return right ? lastOfChain(right) : value;
}

function loopBinding(loop: Node, name: string): Binding | null {
  const over = loop.childForFieldName('right');
  const item = itemOf(loop.childForFieldName('left'), name);
  return over && item !== undefined ? { kind: 'loop', over, item } : null;
}

/** Null if the target is the name itself, its position if the target is a list of names; undefined if it isn't there. */
function itemOf(target: Node | null, name: string): number | null | undefined {
  if (!target) return undefined;
  if (target.type === 'identifier') return target.text === name ? null : undefined;
  if (!/^(pattern_list|tuple_pattern|list_pattern)$/.test(target.type)) return undefined;
  const at = childrenOf(target).findIndex((child) => itemOf(child, name) !== undefined);
  return at < 0 ? undefined : at;
}

/** The last one that begins before the reference; seen from within a function or from above, the last one at all. */
function lastBinding(all: readonly Placed[], reference: Node, scope: Node): Binding | null {
  const isWithin = !FUNCTIONS.has(scope.type) && isInFunctionBelow(reference, scope);
  const before = isWithin ? all : all.filter(({ at }) => precedes(at, reference));
  return (before.at(-1) ?? all.at(-1))?.binding ?? null;
}

/** A loop names its variable for its body; an assignment, for what follows, and for the name on its own left side. */
function precedes(at: Node, reference: Node): boolean {
  const value = at.childForFieldName('right') ?? at.childForFieldName('value');
  if (at.type !== 'for_statement' && value && reference.startIndex >= value.startIndex)
    return at.endIndex <= reference.startIndex;
  return at.startIndex <= reference.startIndex;
}

function isInFunctionBelow(reference: Node, scope: Node): boolean {
  for (let at = reference.parent; at && at.id !== scope.id; at = at.parent) if (FUNCTIONS.has(at.type)) return true;
  return false;
}
