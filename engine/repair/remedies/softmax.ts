import { descendantsOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import type { Call } from '../source/dialect.ts';
import { assignedIn, modelClasses } from '../source/modelClass.ts';
import { refuse } from '../source/refusal.ts';
import { replacement, type Source, same, within } from '../source/source.ts';
import type { SourceRemedy } from './remedy.ts';

/** Cross-entropy has a softmax of its own (with two classes, a sigmoid) and takes logits. */
export const dropSoftmax: SourceRemedy = {
  id: 'drop-softmax',
  title: 'Drop the softmax: cross-entropy takes logits',
  edit({ sources, finding }) {
    const name = finding.cause === 'sigmoid-twice' ? 'sigmoid' : 'softmax';
    const found = sources.flatMap((source) => squashingIn(source, name).map((call) => ({ source, call })));
    const named = found.filter(
      ({ source, call }) => finding.site?.file === source.file && finding.site.line === call.node.endPosition.row + 1,
    );
    const meant = named.length ? named : found;
    if (meant.length === 0) refuse(`no ${name} at the end of a model, or in the loss, was found`);
    if (meant.length > 1) refuse(`there are several such calls of ${name}: which one is meant is not clear`);
    const [{ source, call }] = meant;
    return [{ source, edits: [dropped(source, call)] }];
  },
};

/** The calls of softmax (or sigmoid) that a model ends in, and those in what the loss is given. */
function squashingIn(source: Source, name: 'softmax' | 'sigmoid'): Call[] {
  const module = name === 'softmax' ? 'Softmax' : 'Sigmoid';
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
    if (/^return/.test(statement.type))
      return same(statement.firstNamedChild, call.node) && inForward(source, call.node);
    if (isGivenToLoss(source, call.node)) return true;
    const assigned = assignedIn(statement);
    if (!assigned || !same(assigned.value, call.node)) return false;
    const next = usesAfter(source, statement, assigned.name);
    return inForward(source, call.node)
      ? next.length === 1 && /^return/.test(source.statementOf(next[0]).type) && isWhole(source, next[0])
      : next.some((use) => isGivenToLoss(source, use));
  });
}

const LOSS = /loss|criterion|crossEntropy|bce|objective/i;

/** A loss function's first argument. */
function isGivenToLoss(source: Source, node: Node): boolean {
  const around = source.dialect.callOf(node.parent?.parent ?? null);
  return around !== null && LOSS.test(around.name) && same(around.positional[0], node);
}

const isWhole = (source: Source, node: Node) => same(source.statementOf(node).firstNamedChild, node);

/** Where a variable is read behind a statement of the same function. */
function usesAfter(source: Source, statement: Node, name: string): Node[] {
  const around = source.functionOf(statement) ?? source.root;
  return descendantsOf(around, 'identifier').filter(
    (node) =>
      node.text === name &&
      node.startIndex >= statement.endIndex &&
      !same(node.parent?.childForFieldName('left'), node),
  );
}

const inForward = (source: Source, node: Node) =>
  modelClasses(source).some(({ forward }) => forward !== null && within(node, forward));

function isLastElement(source: Source, { node }: Call): boolean {
  const owner = source.dialect.callOf(node.parent?.parent ?? null);
  return owner?.name === 'Sequential' && owner.positional.length > 1 && same(owner.positional.at(-1), node);
}

function dropped(source: Source, call: Call): TextEdit {
  const { node, receiver, positional } = call;
  if (call.name === 'Softmax' || call.name === 'Sigmoid') {
    const before = source.dialect.callOf(node.parent?.parent ?? null)?.positional.at(-2);
    if (!before) return refuse('the softmax is all there is');
    if (/#|\/\//.test(source.text.slice(before.endIndex, node.startIndex)))
      refuse('a comment stands before the softmax');
    return { start: before.endIndex, end: node.endIndex, newText: '' };
  }
  // `x.softmax(1)` or `F.softmax(x, 1)`: a method is given no tensor
  const isTensor = (arg: Node | undefined) => arg !== undefined && !/^(?:number|integer|unary\w*)$/.test(arg.type);
  const inner = isTensor(positional[0]) ? positional[0] : receiver;
  const statement = source.statementOf(node);
  const assigned = assignedIn(statement);
  // `x = softmax(x)` would become `x = x`
  if (assigned && same(assigned.value, node) && inner?.text === assigned.name) return source.without(statement);
  return inner ? replacement(node, inner.text) : refuse('what the softmax is taken of is not clear');
}
