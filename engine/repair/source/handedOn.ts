import { childrenOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { parameterOf } from './binding.ts';
import type { Call } from './dialect.ts';
import type { Optimizer } from './loop.ts';
import { inSameFunction, insertion, type Source } from './source.ts';

/** Where an optimizer is used, under which name. */
interface Use {
  readonly source: Source;
  readonly node: Node;
  readonly name: string;
}

/** What comes along, and as what in the parameters of TypeScript. */
interface Companion {
  readonly name: string;
  readonly type: string;
}

type Edits = { readonly source: Source; readonly edit: TextEdit }[];

/** Through so many functions, one calling the other. */
const DEEPEST = 4;

/**
 * Hands something on beside an optimizer: to the function that uses it, which gets the optimizer as a parameter, from
 * whoever has made it. Null where that can't be followed.
 */
export function handedOn(use: Use, made: Optimizer, companion: Companion, depth = 0): Edits | null {
  const { source } = use;
  const taker = source.functionOf(use.node);
  const parameter = parameterOf(source, use.name, use.node);
  const name = nameOf(taker);
  // behind a default, Python takes no parameter without one
  if (!taker || !name || !parameter || /default|optional/.test(parameter.type) || depth > DEEPEST) return null;
  const parameters = childrenOf(taker.childForFieldName('parameters')).filter(({ type }) => type !== 'comment');
  const position = parameters.findIndex(({ id }) => id === parameter.id);
  const bound = Number(/^(?:self|cls)$/.test(parameters[0]?.text ?? ''));
  const typed = !source.isPython && parameter.text.includes(':') ? `: ${companion.type}` : '';
  const edits: Edits = [{ source, edit: insertion(parameter.endIndex, `, ${companion.name}${typed}`) }];
  const isMeant = ({ callee }: Call) => callee.text.split('.').at(-1) === name;
  const calls = made.source.calls.filter(isMeant);
  if (calls.length === 0 || (source !== made.source && source.calls.some(isMeant))) return null;
  for (const { node, positional, named } of calls) {
    const byName = [...named.values()].find(({ parent }) => parent?.childForFieldName('name')?.text === use.name);
    const given = byName ?? positional[position - bound];
    if (given?.type !== 'identifier' && !given?.text.includes('.')) return null;
    const own = byName ? `${companion.name}=${companion.name}` : companion.name;
    edits.push({ source: made.source, edit: insertion(given.endIndex, `, ${own}`) });
    if (given.text === made.name && inSameFunction(made.source, node, made.call.node)) continue;
    const further = handedOn({ source: made.source, node, name: given.text }, made, companion, depth + 1);
    if (!further) return null;
    edits.push(...further);
  }
  return edits;
}

/** Also of `const train = (model, optimizer) => …`. */
function nameOf(taker: Node | null): string | null {
  const declarator = taker?.parent?.type === 'variable_declarator' ? taker.parent : null;
  return taker?.childForFieldName('name')?.text ?? declarator?.childForFieldName('name')?.text ?? null;
}
