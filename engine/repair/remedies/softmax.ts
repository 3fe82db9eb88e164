import type { Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import type { Call } from '../source/dialect.ts';
import { modelClasses } from '../source/model.ts';
import { refuse } from '../source/refusal.ts';
import { replacement, type Source, same, within } from '../source/source.ts';
import type { SourceRemedy } from './remedy.ts';

/** Cross-entropy has a softmax of its own and takes logits. */
export const dropSoftmax: SourceRemedy = {
  id: 'drop-softmax',
  title: 'Drop the softmax: cross-entropy takes logits',
  edit({ sources, finding }) {
    const found = sources.flatMap((source) => softmaxesOf(source).map((call) => ({ source, call })));
    const named = found.filter(
      ({ source, call }) => finding.site?.file === source.file && finding.site.line === call.node.endPosition.row + 1,
    );
    const meant = named.length ? named : found;
    if (meant.length === 0) refuse('no softmax at the end of a model, or in the loss, was found');
    if (meant.length > 1) refuse('there are several such softmaxes: which one is meant is not clear');
    const [{ source, call }] = meant;
    return [{ source, edits: [dropped(source, call)] }];
  },
};

/** Those that a model ends in, and those in what cross-entropy is given. */
function softmaxesOf(source: Source): Call[] {
  const models = modelClasses(source);
  const isField = ({ callee, node }: Call) => {
    const [owner, field] = callee.text.split('.');
    if (owner !== source.dialect.self) return false;
    const model = models.find((m) => within(node, m.node));
    return source.dialect.callOf(model?.fields.get(field)?.value ?? null)?.name === 'Softmax';
  };
  return source.calls.filter((call) => {
    if (call.name === 'Softmax') return isLastElement(source, call);
    if (call.name !== 'softmax' && !isField(call)) return false;
    const statement = source.statementOf(call.node);
    if (/^return/.test(statement.type))
      return same(statement.firstNamedChild, call.node) && inForward(source, call.node);
    const around = source.dialect.callOf(call.node.parent?.parent ?? null);
    return (
      around !== null && /crossEntropy|criterion|lossF|loss/i.test(around.name) && same(around.positional[0], call.node)
    );
  });
}

const inForward = (source: Source, node: Node) =>
  modelClasses(source).some(({ forward }) => forward !== null && within(node, forward));

function isLastElement(source: Source, { node }: Call): boolean {
  const owner = source.dialect.callOf(node.parent?.parent ?? null);
  return owner?.name === 'Sequential' && owner.positional.length > 1 && same(owner.positional.at(-1), node);
}

function dropped(source: Source, call: Call): TextEdit {
  const { node, receiver, positional } = call;
  if (call.name === 'Softmax') {
    const before = source.dialect.callOf(node.parent?.parent ?? null)?.positional.at(-2);
    if (!before) return refuse('the softmax is all there is');
    if (/#|\/\//.test(source.text.slice(before.endIndex, node.startIndex)))
      refuse('a comment stands before the softmax');
    return { start: before.endIndex, end: node.endIndex, newText: '' };
  }
  // `x.softmax(1)` or `F.softmax(x, 1)`: a method is given no tensor
  const isTensor = (arg: Node | undefined) => arg !== undefined && !/^(?:number|integer|unary\w*)$/.test(arg.type);
  const inner = isTensor(positional[0]) ? positional[0] : receiver;
  return inner ? replacement(node, inner.text) : refuse('what the softmax is taken of is not clear');
}
