import { childrenOf, type Node } from '../../source/parser.ts';
import type { Source } from './source.ts';
import type { Variable } from './variables.ts';

type Variables = ReadonlyMap<string, Variable>;

/**
 * The one model that all that an optimizer is given is a part of, by the name of its variable: `model` of
 * `model.head.parameters()`, `both` of `encoder.parameters()` where `both = nn.Sequential(encoder, decoder)`. Null where there's
 * none, or several may be meant.
 */
export function wholeModelOf(source: Source, given: Node, variables: Variables): string | null {
  const owners = ownersIn(source, given)?.map(({ text }) => text) ?? [];
  const [first, ...others] = new Set(owners.map((owner) => rootOf(owner, variables)));
  if (first === undefined) return null;
  if (others.length === 0 && owners.every((owner) => owner !== first))
    return variables.get(first)?.kind === 'model' ? first : null;
  const parts = [first, ...others];
  const wholes = [...variables.values()].filter(({ name, kind }) => {
    const own = kind === 'model' && !parts.includes(name) ? partsOf(source, name, variables) : null;
    return own !== null && parts.every((part) => own.has(part));
  });
  // of those that are parts of each other, the outermost
  const outermost = wholes.filter(({ name }) =>
    wholes.every((other) => !partsOf(source, other.name, variables).has(name)),
  );
  return outermost.length === 1 ? outermost[0].name : null;
}

/** The variables that a model is made of, and those that these are. */
export function partsOf(source: Source, model: string, variables: Variables): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string) => {
    const value = variables.get(name)?.value;
    for (const { text } of value ? handedTo(source, value) : []) {
      if (found.has(text) || variables.get(text)?.kind !== 'model') continue;
      found.add(text);
      visit(text);
    }
  };
  visit(model);
  return found;
}

/** The arguments of a construction, those in lists as well. */
function handedTo(source: Source, value: Node): Node[] {
  const call = source.dialect.callOf(value);
  const inList = (node: Node): Node[] =>
    /^(?:list|array|tuple|list_splat|spread_element)$/.test(node.type) ? childrenOf(node).flatMap(inList) : [node];
  return call ? [...call.positional, ...call.named.values()].flatMap(inList) : [];
}

/** The variable that a path begins with, which may be a field of what trains. */
function rootOf(path: string, variables: Variables): string {
  const steps = path.split('.');
  const known = steps.map((_, i) => steps.slice(0, i + 1).join('.')).find((name) => variables.has(name));
  return known ?? steps[0];
}

/**
 * The modules of whose parameters an expression is put together, in whatever way: a list, a sum, a chain. Null if it has
 * anything else, as groups of parameters with options of their own.
 */
function ownersIn(source: Source, given: Node): Node[] | null {
  const call = source.dialect.callOf(given);
  if (call?.name === 'parameters')
    return call.receiver && !call.positional.length && !call.named.size ? [call.receiver] : null;
  const all = putTogether(source, given)?.map((part) => ownersIn(source, part));
  return all?.length && all.every((owners) => owners !== null) ? all.flat() : null;
}

/** What an expression puts together. */
function putTogether(source: Source, node: Node): readonly Node[] | null {
  const call = source.dialect.callOf(node);
  if (call && /^(?:list|tuple|chain)$/.test(call.name)) return call.positional;
  if (call?.name === 'concat' && call.receiver) return [call.receiver, ...call.positional];
  const isSum = node.type === 'binary_operator' && node.childForFieldName('operator')?.text === '+';
  const isList = /^(?:list|array|tuple|list_splat|spread_element|parenthesized_expression)$/.test(node.type);
  return isSum || isList ? childrenOf(node).filter(({ type }) => type !== 'comment') : null;
}
