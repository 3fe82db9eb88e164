import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import type { Call } from './dialect.ts';
import { assignedIn, type ModelClass } from './modelClass.ts';
import { type Source, same } from './source.ts';

/** The class and the field of it that hold a layer, alone or in a list. */
export interface Holder {
  readonly model: ModelClass;
  readonly field: string;
}

/** The call of `self.layers.append(…)` that an element is the argument of. */
export function appendedTo(source: Source, element: Node): Call | null {
  const owner = element.parent?.parent ? source.dialect.callOf(element.parent.parent) : null;
  return owner && isAppending(owner) ? owner : null;
}

/** Where a layer stands among others: where it's made, or where the one variable does that it's made into. */
export function elementOf(source: Source, { node }: Call): Node {
  const statement = source.statementOf(node);
  const assigned = assignedIn(statement);
  if (!assigned || !same(assigned.value, node) || !/^\w+$/.test(assigned.name)) return node;
  const placed = descendantsOf(statement.parent ?? source.root, 'identifier').filter(
    (use) => use.text === assigned.name && use.startIndex > statement.endIndex && isAmongOthers(source, use),
  );
  return placed.length === 1 ? placed[0] : node;
}

/** An element of a list or a Sequential, or what is appended to one. */
function isAmongOthers(source: Source, use: Node): boolean {
  const list = use.parent;
  if (list === null || /^(?:array|list)$/.test(list.type)) return list !== null;
  const owner = /^argument/.test(list.type) ? source.dialect.callOf(list.parent) : null;
  return owner !== null && (owner.name === 'Sequential' || isAppending(owner));
}

export const isModuleList = (source: Source, { fields }: ModelClass, field: string): boolean =>
  source.dialect.callOf(fields.get(field)?.value ?? null)?.name === 'ModuleList';

/** The elements behind one in its sequence; of `layers.append(…)`, what the next statements append. */
export function followingIn(source: Source, node: Node, holder: Holder | null): readonly Node[] | null {
  const named = namedElement(node);
  if (named) return behind(childrenOf(named.parent), named).flatMap(({ lastNamedChild }) => lastNamedChild ?? []);
  const list = node.parent;
  const owner = list?.parent ? source.dialect.callOf(list.parent) : null;
  // The elements of a ModuleList are applied by whoever has it, seldom just one after the other.
  const isSequence = holder !== null && isAppliedInTurn(source, holder);
  const wrapper =
    list && /^(?:array|list)$/.test(list.type) ? source.dialect.callOf(list.parent?.parent ?? null) : owner;
  if (wrapper?.name === 'ModuleList' && !isSequence) return null;
  if (list && (list.type === 'array' || list.type === 'list' || owner?.name === 'Sequential')) {
    return behind(
      childrenOf(list).filter(({ type }) => type !== 'comment'),
      node,
    );
  }
  const isPart = holder && appendedTo(source, node) && isModuleList(source, holder.model, holder.field);
  if (isPart && !isSequence) return null;
  return owner && isAppending(owner) ? [...behind(owner.positional, node), ...appendedAfter(source, owner)] : null;
}

/** `for layer in self.layers: x = layer(x)` and no more: a list that is a sequence. */
function isAppliedInTurn({ dialect }: Source, { model: { forward }, field }: Holder): boolean {
  if (!forward) return false;
  const loops = [...descendantsOf(forward, 'for_in_statement'), ...descendantsOf(forward, 'for_statement')];
  return loops.some((loop) => {
    if (loop.childForFieldName('right')?.text !== `${dialect.self}.${field}`) return false;
    const body = loop.childForFieldName('body');
    const block = body && dialect.blocks.has(body.type) ? childrenOf(body) : body ? [body] : [];
    const statements = block.filter(({ type }) => type !== 'comment');
    const assigned = statements.length === 1 ? assignedIn(statements[0]) : null;
    const applied = dialect.callOf(assigned?.value ?? null);
    return (
      applied?.callee.text === loop.childForFieldName('left')?.text &&
      applied?.positional.length === 1 &&
      applied.positional[0].text === assigned?.name
    );
  });
}

/** Of a layer in `OrderedDict([("fc1", nn.Linear(2, 3)), …])`, the pair; null of any other. */
export function namedElement(node: Node): Node | null {
  const [pair, list] = [node.parent, node.parent?.parent];
  const isPair = pair?.type === 'tuple' && pair.namedChildCount === 2 && list?.type === 'list';
  return isPair && /\bOrderedDict$/.test(list.parent?.parent?.childForFieldName('function')?.text ?? '') ? pair : null;
}

const behind = (elements: readonly Node[], node: Node) =>
  elements.slice(elements.findIndex((element) => same(element, node)) + 1);

/** `layers.append(a)`, `layers.push(a, b)`. */
export const isAppending = ({ name, positional }: Call) =>
  (name === 'append' || name === 'push') && positional.length > 0;

function appendedAfter(source: Source, call: Call): Node[] {
  const elements: Node[] = [];
  for (let at = source.statementOf(call.node).nextNamedSibling; at; at = at.nextNamedSibling) {
    if (at.type === 'comment') continue;
    const next = source.dialect.callOf(at.firstNamedChild);
    if (!next || !isAppending(next) || next.receiver?.text !== call.receiver?.text) break;
    elements.push(...next.positional);
  }
  return elements;
}
