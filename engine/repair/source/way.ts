import { descendantsOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import type { Call } from './dialect.ts';
import { assignedIn } from './modelClass.ts';
import { replacement, type Source, same, within } from './source.ts';
import { unwrapped } from './unwrapped.ts';

/** What turns the sign of a loss on its way to the backward pass, and what takes it away. */
export interface Minus {
  readonly source: Source;
  readonly at: number;
  /** Made when asked for, as that may be refused. */
  edits(): readonly TextEdit[];
}

/** From an expression to a backward pass: what turns its sign, the first that it meets first. */
export type Way = readonly Minus[];

/** Further than any loss has been seen to go; a function that calls itself has no end. */
const FURTHEST = 60;
/** What gives its tensor on with the sign that it has. */
const KEEPING =
  /^(?:mean|sum|squeeze|unsqueeze|view|reshape|flatten|to|float|double|cuda|cpu|clone|contiguous|add_?|sub_?|scale)$/;
const BRACKETS = /^(?:parenthesized_expression|as_expression|satisfies_expression|non_null_expression|await)/;

/** The ways that the value of an expression takes to a backward pass, as far as the text tells. */
export const waysOf = (sources: readonly Source[], source: Source, node: Node): Way[] =>
  onward({ sources, source, node, met: [], length: 0 });

interface Place {
  readonly sources: readonly Source[];
  readonly source: Source;
  readonly node: Node;
  readonly met: Way;
  readonly length: number;
}

function onward(place: Place): Way[] {
  const { source, node, met, length } = place;
  const { parent } = node;
  if (!parent || length > FURTHEST) return [];
  const { dialect } = source;
  const go = (next: Node, ...minuses: Minus[]) =>
    onward({ ...place, node: next, met: [...met, ...minuses], length: length + 1 });
  const minus = (edits: () => readonly TextEdit[]): Minus => ({ source, at: node.endIndex, edits });
  /** A number beside it in a product. */
  const scaled = (whole: Node, factor: Node | null) =>
    isNegative(factor)
      ? go(
          whole,
          minus(() => (isOne(factor) ? unwrapped(source, whole, node) : [withoutMinus(factor)])),
        )
      : go(whole);

  if (BRACKETS.test(parent.type)) return go(parent);
  if (/^unary_(?:operator|expression)$/.test(parent.type)) {
    const sign = parent.childForFieldName('operator')?.text;
    if (sign === '-')
      return go(
        parent,
        minus(() => unwrapped(source, parent, node)),
      );
    return sign === '+' ? go(parent) : [];
  }
  if (/^binary_(?:operator|expression)$/.test(parent.type)) {
    const [left, sign, right] = ['left', 'operator', 'right'].map((field) => parent.childForFieldName(field));
    if (!left || !right || !sign) return [];
    const isLeft = same(left, node);
    if (sign.text === '*') return scaled(parent, isLeft ? right : left);
    if (sign.text === '/') return isLeft ? scaled(parent, right) : [];
    if (sign.text === '+' || (sign.text === '-' && isLeft)) return go(parent);
    const isNothing = /^0(?:\.0*)?$/.test(left.text);
    if (sign.text === '-')
      return go(
        parent,
        minus(() => (isNothing ? unwrapped(source, parent, node) : [replacement(sign, '+')])),
      );
    return [];
  }
  const call = parent.parent && dialect.callOf(parent.parent);
  if (call && same(call.callee, parent) && same(call.receiver, node)) {
    const { name, node: whole, positional } = call;
    if (name === 'backward') return [met];
    if (/^neg(?:ative)?_?$/.test(name))
      return go(
        whole,
        minus(() => unwrapped(source, whole, node)),
      );
    if (/^(?:mul|multiply|div|divide)_?$/.test(name)) return scaled(whole, positional[0] ?? null);
    return KEEPING.test(name) ? go(whole) : [];
  }
  if (call && same(call.list, parent)) return asArgument(place, call, go, scaled, minus);
  if (/^(?:assignment|assignment_expression|variable_declarator)$/.test(parent.type)) {
    const target = parent.childForFieldName('left') ?? parent.childForFieldName('name');
    if (target?.type !== 'identifier' || same(target, node)) return [];
    const further = /^assignment/.test(parent.parent?.type ?? '') ? go(parent) : [];
    return [...further, ...usesOf(source, target).flatMap((use) => go(use))];
  }
  if (/^augmented_assignment/.test(parent.type)) return summed(place, parent, go, minus);
  if (parent.type === 'return_statement' || same(parent.childForFieldName('body'), node)) {
    const own = dialect.functions.has(parent.type) ? parent : source.functionOf(parent);
    return own ? callsOf(place.sources, source, own).flatMap((made) => elsewhere(place, made)) : [];
  }
  return [];
}

const elsewhere = (place: Place, { source, call }: { source: Source; call: Call }) =>
  onward({ ...place, source, node: call.node, length: place.length + 1 });

type Go = (next: Node, ...minuses: Minus[]) => Way[];

function asArgument(
  { source, node, met }: Place,
  call: Call,
  go: Go,
  scaled: (whole: Node, factor: Node | null) => Way[],
  minus: (edits: () => readonly TextEdit[]) => Minus,
): Way[] {
  const { name, node: whole, positional, callee } = call;
  const isFirst = same(positional[0], node);
  if (/^(?:backward|grad)$/.test(name)) return isFirst ? [met] : [];
  if (/^neg(?:ative)?$/.test(name) && isFirst)
    return go(
      whole,
      minus(() => unwrapped(source, whole, node)),
    );
  if (/^(?:mul|multiply)$/.test(name))
    return scaled(whole, positional.find((other) => !same(other, node)) ?? call.receiver);
  // `a.sub(b)`, `torch.sub(a, b)`
  if (/^sub_?$/.test(name) && (!isFirst || positional.length === 1)) {
    const end = callee.endIndex - (callee.text.endsWith('_') ? 1 : 0);
    return go(
      whole,
      minus(() => [{ start: end - 3, end, newText: 'add' }]),
    );
  }
  return KEEPING.test(name) ? go(whole) : [];
}

/** `total += loss`, `total -= loss`, `loss *= -1`. */
function summed(
  { source, node }: Place,
  statement: Node,
  go: Go,
  minus: (edits: () => readonly TextEdit[]) => Minus,
): Way[] {
  const [left, right] = [statement.childForFieldName('left'), statement.childForFieldName('right')];
  const sign = statement.childForFieldName('operator') ?? statement.child(1);
  if (left?.type !== 'identifier' || !right || !sign) return [];
  const further = (...minuses: Minus[]) => usesOf(source, left).flatMap((use) => go(use, ...minuses));
  if (same(left, node)) {
    if (!/^[*/]=$/.test(sign.text) || !isNegative(right)) return [];
    const whole = source.statementOf(statement);
    return further(minus(() => [isOne(right) ? source.without(whole) : withoutMinus(right)]));
  }
  if (sign.text === '+=') return further();
  return sign.text === '-=' ? further(minus(() => [replacement(sign, '+=')])) : [];
}

/** Where a variable is read behind the place that it is given its value at, until it's given another one. */
function usesOf(source: Source, target: Node): Node[] {
  const statement = source.statementOf(target);
  const around = source.functionOf(target) ?? source.root;
  const own = descendantsOf(around, 'identifier').filter(
    (node) => node.text === target.text && node.startIndex >= statement.endIndex && isReference(node),
  );
  const isGivenAnother = (node: Node) => {
    const other = source.statementOf(node);
    return assignedIn(other)?.name === target.text && same(other.parent, statement.parent);
  };
  const next = own.find(isGivenAnother);
  const turned = own.find((node) => isAugmented(node) && same(source.statementOf(node).parent, statement.parent));
  const end = Math.min(
    next ? source.statementOf(next).endIndex : source.text.length,
    turned ? source.statementOf(turned).endIndex : source.text.length,
  );
  return own.filter((node) => node.startIndex < end && !isTarget(node));
}

/** Not the name of an attribute or of an argument. */
const isReference = (node: Node): boolean =>
  !same(node.parent?.childForFieldName('attribute'), node) &&
  !(node.parent?.type === 'keyword_argument' && same(node.parent.childForFieldName('name'), node));
const isTarget = (node: Node): boolean =>
  /^(?:assignment|assignment_expression|variable_declarator)$/.test(node.parent?.type ?? '') &&
  same(node.parent?.childForFieldName('left') ?? node.parent?.childForFieldName('name'), node);
const isAugmented = (node: Node): boolean =>
  /^augmented_assignment/.test(node.parent?.type ?? '') && same(node.parent?.childForFieldName('left'), node);

/** The calls of a function, of a method by its name, of a module by the variable that it's in. */
export function callsOf(sources: readonly Source[], source: Source, own: Node): { source: Source; call: Call }[] {
  const name = own.childForFieldName('name')?.text ?? assignedIn(source.statementOf(own))?.name;
  if (!name) return [];
  const calls = sources.flatMap((other) => other.calls.map((call) => ({ source: other, call })));
  const module = name === 'forward' ? source.classOf(own)?.childForFieldName('name')?.text : undefined;
  const names = module
    ? calls
        .filter(({ call }) => call.callee.text.split('.').at(-1) === module)
        .flatMap((made) => assignedIn(made.source.statementOf(made.call.node))?.name ?? [])
    : [name];
  return calls.filter(
    ({ source: other, call }) =>
      names.includes(module ? call.callee.text : (call.callee.text.split('.').at(-1) ?? '')) &&
      !(other === source && within(call.node, own)),
  );
}

/** A number with a minus. */
const isNegative = (node: Node | null): node is Node => node !== null && /^\(?-\s*[\d.][\d.e+-]*\)?$/i.test(node.text);
const isOne = ({ text }: Node): boolean => /^\(?-\s*1(?:\.0*)?\)?$/.test(text);

function withoutMinus({ startIndex, text }: Node): TextEdit {
  const start = startIndex + text.indexOf('-');
  return { start, end: start + 1, newText: '' };
}
