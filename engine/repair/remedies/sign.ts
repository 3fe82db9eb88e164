import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { parameterOf } from '../source/binding.ts';
import type { Call } from '../source/dialect.ts';
import { withoutElement } from '../source/elements.ts';
import { backwardsOf, optimizersOf } from '../source/loop.ts';
import { assignedIn } from '../source/modelClass.ts';
import { refuse } from '../source/refusal.ts';
import { insertion, isAt, type Source, same, within } from '../source/source.ts';
import { squashingIn } from '../source/squashing.ts';
import { callsOf, type Way, waysOf } from '../source/way.ts';
import { oppositeLabels } from './opponents.ts';
import type { Context, Edits, SourceRemedy } from './remedy.ts';

/** A minus too many, or one that is missing, between what measures the error and the update. */
export const sign: SourceRemedy = {
  id: 'sign',
  title: 'Minimize the loss itself, not its negative',
  causes: ['wrong-sign'],
  redefinesLoss: true,
  edit(context) {
    const climbing = climbingOptimizers(context);
    const starts = startsOf(context);
    const known = starts.filter(({ ways }) => ways.length > 0);
    const turned = known.filter(({ ways, wanted }) => ways.some((way) => way.length % 2 !== wanted));
    if (climbing.length) {
      if (known.some(({ ways }) => ways.some((way) => way.length % 2 === 1)))
        refuse('the optimizer is told to maximize, and is given the negative');
      return climbing.map(({ source, option }) => ({ source, edits: [withoutOption(source, option)] }));
    }
    if (known.length === 0) return refuse('no way from a loss to a backward pass was found');
    if (turned.length === 0) {
      const opposite = oppositeLabels(context);
      if (opposite.length) return opposite;
      refuse('no minus too many or missing was found between the loss and its backward pass');
    }
    return turned.flatMap(turnedBack);
  },
};

/** Where a loss comes from, and how it goes on. */
interface Start {
  readonly source: Source;
  /** The call, or the whole likelihood that it's a part of. */
  readonly node: Node;
  readonly call: Call;
  readonly ways: readonly Way[];
  /** Turns of the sign that it needs, odd or even: the logarithm of a probability is to grow. */
  readonly wanted: 0 | 1;
}

function turnedBack({ source, node, ways, wanted }: Start): Edits {
  const wrong = ways.filter((way) => way.length % 2 !== wanted);
  if (wrong.every((way) => way.length > 0)) {
    // of a likelihood the first minus is its own
    const meant = wrong.map((way) => way[wanted ? way.length - 1 : 0]);
    const first = new Map(meant.map((minus) => [`${minus.source.file} ${minus.at}`, minus]));
    return [...first.values()].map((minus) => ({ source: minus.source, edits: minus.edits() }));
  }
  return [{ source, edits: negated(source, node) }];
}

/** The negative of an expression that a loss is. */
function negated(source: Source, node: Node): TextEdit[] {
  const whole = endOfChain(source, node);
  const isSimple = /^(?:call|call_expression|identifier)$/.test(whole.type);
  // a minus is usual in Python, but `-loss.backward()` means something else
  const isReceiver = /^(?:attribute|member_expression)$/.test(whole.parent?.type ?? '');
  if (!source.isPython || isReceiver) {
    const [open, close] = isSimple || whole.type === 'parenthesized_expression' ? ['', ''] : ['(', ')'];
    return [...(open ? [insertion(whole.startIndex, open)] : []), insertion(whole.endIndex, `${close}.neg()`)];
  }
  if (isSimple || whole.type === 'parenthesized_expression') return [insertion(whole.startIndex, '-')];
  return [insertion(whole.startIndex, '-('), insertion(whole.endIndex, ')')];
}

/** The last of the calls behind one another, before the backward pass. */
function endOfChain(source: Source, node: Node): Node {
  const call = node.parent?.parent ? source.dialect.callOf(node.parent.parent) : null;
  if (call && same(call.receiver, node) && call.name !== 'backward') return endOfChain(source, call.node);
  return node;
}

const LOSS = /loss|crossEntropy|criterion|objective|\bbce|\bmse|nll|likelihood/i;

/** The expressions on the finding's line that reach a backward pass; where it names none, the losses of the text. */
function startsOf({ sources, finding: { site } }: Context): Start[] {
  const all = sources.flatMap((source) => source.calls.map((call) => ({ source, call })));
  const there = all.filter(
    ({ source, call }) => source.file === site?.file && call.callee.endPosition.row + 1 === site.line,
  );
  const own = innermost(sources, there);
  const losses = own.filter(({ call }) => LOSS.test(call.callee.text));
  if (own.length) return (losses.length ? losses : own).flatMap((start) => likelihoodsGivenBy(sources, start));
  const named = innermost(
    sources,
    all.filter(({ call }) => LOSS.test(call.name)),
  );
  return named.length ? named : innermost(sources, beforeBackward(sources));
}

/** Of a call of the script's own function, the likelihoods that it gives; where there are none, the call. */
function likelihoodsGivenBy(sources: readonly Source[], start: Start): Start[] {
  if (start.wanted) return [start];
  const given = sources.flatMap((source) =>
    [...source.dialect.functions]
      .flatMap((type) => descendantsOf(source.root, type))
      .filter((own) => callsOf(sources, source, own).some(({ call }) => same(call.node, start.node)))
      .flatMap(returnedBy)
      .flatMap((value) => source.calls.filter(({ node }) => within(node, value)).map((call) => ({ source, call }))),
  );
  const likelihoods = innermost(sources, given).filter(({ wanted }) => wanted);
  return likelihoods.length ? likelihoods : [start];
}

const returnedBy = (own: Node): Node[] => {
  const body = own.childForFieldName('body');
  return body && /block$/.test(body.type) ? descendantsOf(body, 'return_statement') : body ? [body] : [];
};

/** What the only backward pass is given: of a loss that is written by hand, PyTorch tells no other place. */
function beforeBackward(sources: readonly Source[]): { source: Source; call: Call }[] {
  const passes = sources.flatMap((source) => backwardsOf(source).map((call) => ({ source, call })));
  if (passes.length !== 1) return [];
  const [{ source, call }] = passes;
  const { receiver } = call;
  const value = receiver?.type === 'identifier' ? valueBefore(source, receiver) : receiver;
  return value ? source.calls.filter(({ node }) => within(node, value)).map((one) => ({ source, call: one })) : [];
}

function innermost(sources: readonly Source[], calls: readonly { source: Source; call: Call }[]): Start[] {
  const starts = calls
    .map(({ source, call }) => ({ source, call, ways: waysOf(sources, source, call.node) }))
    .filter(({ ways }) => ways.length > 0);
  return starts
    .filter(
      ({ source, call }) =>
        !starts.some((other) => other.source === source && other.call !== call && within(other.call.node, call.node)),
    )
    .map((start): Start => {
      const likelihood = likelihoodAround(sources, start.source, start.call.node);
      return { ...start, node: likelihood ?? start.call.node, wanted: likelihood ? 1 : 0 };
    });
}

/** The whole of it, with what it's joined with in another statement; null where there's none. */
function likelihoodAround(sources: readonly Source[], source: Source, node: Node): Node | null {
  let whole: Node | null = null;
  const statement = source.statementOf(node);
  for (let at: Node | null = node; at && !same(at, statement); at = at.parent)
    if (isLikelihood(sources, source, at) && isPicked(source, at)) whole = at;
  const assigned = whole && assignedIn(statement);
  if (!whole || !assigned || !same(assigned.value, whole)) return whole;
  const uses = descendantsOf(source.functionOf(node) ?? source.root, 'identifier').filter(
    ({ text, startIndex }) => text === assigned.name && startIndex >= statement.endIndex,
  );
  return (uses.length === 1 ? likelihoodAround(sources, source, uses[0]) : null) ?? whole;
}

/** Not the logarithms themselves. */
const isPicked = (source: Source, node: Node): boolean => {
  const call = source.dialect.callOf(node);
  return call ? PICKING.test(call.name) : /^(?:subscript|binary)/.test(node.type);
};

const PICKING =
  /^(?:mean|sum|mul|multiply|add|gather|squeeze|unsqueeze|view|reshape|flatten|select|indexSelect|slice)$/;
/** What is at most 0, of a probability. */
const LOGARITHM = /^(?:log|log1p|logSoftmax|log_softmax|logSigmoid|logsigmoid)$/i;

/** The logarithm of a probability, of which one class is picked, or each weighed by its target, and which is summed up. */
function isLikelihood(sources: readonly Source[], source: Source, node: Node | null): boolean {
  if (!node) return false;
  const isOne = (part: Node | null) => isLikelihood(sources, source, part);
  if (node.type === 'identifier') {
    const value = valueBefore(source, node);
    return value ? isOne(value) : isGivenLikelihoods(sources, source, node);
  }
  if (node.type === 'parenthesized_expression') return isOne(node.firstNamedChild);
  if (/^subscript/.test(node.type)) return isOne(node.childForFieldName('value') ?? node.childForFieldName('object'));
  if (/^binary_/.test(node.type)) {
    const sides = ['left', 'right'].map((field) => node.childForFieldName(field));
    const operator = node.childForFieldName('operator')?.text;
    return operator === '*' ? sides.some(isOne) : operator === '+' && sides.every(isOne);
  }
  const call = source.dialect.callOf(node);
  if (!call) return false;
  if (LOGARITHM.test(call.name) || isModelOfLogarithms(source, call)) return true;
  // `torch.sum(x)` has no tensor before its dot
  const [first] = call.positional;
  if (call.name === 'add') return isOne(first ?? null) && isOne(call.positional[1] ?? call.receiver);
  return PICKING.test(call.name) && [call.receiver, ...call.positional].some(isOne);
}

/** A parameter of a function that every call gives one. */
function isGivenLikelihoods(sources: readonly Source[], source: Source, use: Node): boolean {
  const around = source.functionOf(use);
  const parameter = parameterOf(source, use.text, use);
  if (!around || !parameter) return false;
  const all = childrenOf(around.childForFieldName('parameters')).filter(({ type }) => type !== 'comment');
  const at = all.findIndex((one) => same(one, parameter)) - Number(/^(?:self|cls)$/.test(all[0]?.text ?? ''));
  const calls = callsOf(sources, source, around);
  return (
    calls.length > 0 &&
    calls.every(({ source: caller, call }) => isLikelihood(sources, caller, call.positional[at] ?? null))
  );
}

/** A model of this text that ends in the logarithm of a softmax. */
function isModelOfLogarithms(source: Source, { callee, positional, name }: Call): boolean {
  if (callee.type !== 'identifier' || positional.length !== 1 || LOSS.test(name)) return false;
  const made = source.calls.some(({ node }) => {
    const assigned = assignedIn(source.statementOf(node));
    return assigned?.name === callee.text && same(assigned.value, node);
  });
  return made && squashingIn(source, 'logSoftmax').length > 0;
}

/** What a variable was given last before a place, in its function or at the top. */
function valueBefore(source: Source, use: Node): Node | null {
  const around = source.functionOf(use)?.startIndex;
  const given = source.calls
    .map(({ node }) => source.statementOf(node))
    .filter((statement) => statement.endIndex <= use.startIndex && source.functionOf(statement)?.startIndex === around)
    .map((statement) => assignedIn(statement))
    .findLast((assigned) => assigned?.name === use.text);
  return given?.value ?? null;
}

/** Optimizers that are told to go uphill, and where; the one that the finding points at, else all. */
function climbingOptimizers({ sources, finding: { site } }: Context) {
  const climbing = sources.flatMap((source) =>
    optimizersOf(source).flatMap(({ call, statement }) => {
      const value = call.named.get('maximize');
      const option = value?.parent;
      return value?.text.toLowerCase() === 'true' && option ? [{ source, statement, option }] : [];
    }),
  );
  const named = climbing.filter(({ source, statement }) => isAt(source, statement, site));
  return named.length ? named : climbing;
}

/** Without an option, and without the object that would be left with none. */
function withoutOption(source: Source, option: Node): TextEdit {
  const object = option.parent;
  return withoutElement(source, object?.type === 'object' && object.namedChildCount === 1 ? object : option);
}
