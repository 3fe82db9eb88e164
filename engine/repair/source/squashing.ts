import type { Site } from '../../site.ts';
import { descendantsOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import type { Call } from './dialect.ts';
import { withoutElement } from './elements.ts';
import { assignedIn, modelClasses } from './modelClass.ts';
import { refuse } from './refusal.ts';
import { namedElement } from './sequence.ts';
import { replacement, type Source, same, within } from './source.ts';

/** What a model's answers may go through last, and the module that does the same. */
const MODULES = {
  softmax: 'Softmax',
  logSoftmax: 'LogSoftmax',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  relu: 'ReLU',
} as const;

export type Squashing = keyof typeof MODULES;

/** The calls of such a function or module that a model ends in, and those in what the loss is given. */
export function squashingIn(source: Source, name: Squashing): Call[] {
  const module = MODULES[name];
  const models = modelClasses(source);
  const isField = ({ callee, node }: Call) => {
    const [owner, field] = callee.text.split('.');
    if (owner !== source.dialect.self) return false;
    const model = models.find((m) => within(node, m.node));
    return source.dialect.callOf(model?.fields.get(field)?.value ?? null)?.name === module;
  };
  return source.calls.filter((call) => {
    if (call.name === module) return isLastElement(source, call);
    if (call.name !== name && !isField(call)) return false;
    const statement = source.statementOf(call.node);
    const answer = shaped(source, call.node);
    if (/^return/.test(statement.type)) return same(statement.firstNamedChild, answer) && inForward(source, call.node);
    if (isGivenToLoss(source, answer)) return true;
    const assigned = assignedIn(statement);
    if (!assigned || !same(assigned.value, answer)) return false;
    const next = usesAfter(source, statement, assigned.name);
    return inForward(source, call.node)
      ? next.length === 1 && /^return/.test(source.statementOf(next[0]).type) && isWhole(source, next[0])
      : next.some((use) => isGivenToLoss(source, shaped(source, use)));
  });
}

const LOSS = /loss|criterion|crossEntropy|bce|objective/i;

/** A loss function's first argument. */
function isGivenToLoss(source: Source, node: Node): boolean {
  const around = source.dialect.callOf(node.parent?.parent ?? null);
  return around !== null && LOSS.test(around.name) && same(around.positional[0], node);
}

const isWhole = (source: Source, node: Node) => same(source.statementOf(node).firstNamedChild, shaped(source, node));

const SHAPING = /^(?:reshape|view|flatten|squeeze|unsqueeze|transpose|permute|select)$/;

/** The same in another shape: `p.squeeze(1)`, `p[:, 0]`. */
function shaped(source: Source, node: Node): Node {
  const { parent } = node;
  if (/^subscript/.test(parent?.type ?? '') && same(parent?.firstNamedChild, node))
    return shaped(source, parent as Node);
  const call = source.dialect.callOf(parent?.parent ?? null);
  return call && same(call.receiver, node) && SHAPING.test(call.name) ? shaped(source, call.node) : node;
}

/** Where a variable is read behind a statement of the same function. */
export function usesAfter(source: Source, statement: Node, name: string): Node[] {
  const around = source.functionOf(statement) ?? source.root;
  return descendantsOf(around, 'identifier').filter(
    (node) =>
      node.text === name &&
      node.startIndex >= statement.endIndex &&
      !(/^assignment/.test(node.parent?.type ?? '') && same(node.parent?.childForFieldName('left'), node)),
  );
}

export const inForward = (source: Source, node: Node) =>
  modelClasses(source).some(({ forward }) => forward !== null && within(node, forward));

function isLastElement(source: Source, { node }: Call): boolean {
  const element = namedElement(node);
  if (element) return element.nextNamedSibling === null;
  const owner = source.dialect.callOf(node.parent?.parent ?? null);
  return owner?.name === 'Sequential' && owner.positional.length > 1 && same(owner.positional.at(-1), node);
}

/** Those on a line of a finding, if there are any. */
export function onLine<T extends { readonly source: Source; readonly call: Call }>(
  found: readonly T[],
  site: Site | null,
): readonly T[] {
  return found.filter(({ source, call: { callee, node } }) => {
    // `new` stands before what is called
    const rows = [callee.endPosition.row, node.startPosition.row, node.endPosition.row];
    return source.file === site?.file && rows.includes(site.line - 1);
  });
}

/** Takes a module or a function away from what it's applied to. */
export function dropped(source: Source, call: Call): TextEdit {
  const { node, receiver, positional } = call;
  if (Object.values<string>(MODULES).includes(call.name)) return withoutElement(source, namedElement(node) ?? node);
  // `x.softmax(1)` or `F.softmax(x, 1)`: a method is given no tensor
  const isTensor = (arg: Node | undefined) => arg !== undefined && !/^(?:number|integer|unary\w*)$/.test(arg.type);
  const inner = isTensor(positional[0]) ? positional[0] : receiver;
  const statement = source.statementOf(node);
  const assigned = assignedIn(statement);
  // `x = softmax(x)` would become `x = x`
  if (assigned && same(assigned.value, node) && inner?.text === assigned.name) return source.without(statement);
  return inner ? replacement(node, inner.text) : refuse('what it is taken of is not clear');
}
