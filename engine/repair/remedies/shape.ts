import { childrenOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { differencesIn } from '../source/difference.ts';
import { bare } from '../source/division.ts';
import { refuse } from '../source/refusal.ts';
import { insertion, isAt, type Source, within } from '../source/source.ts';
import { SIMPLE } from '../source/unwrapped.ts';
import { valuesOf } from '../source/values.ts';
import { callsOf } from '../source/way.ts';
import type { Context, SourceRemedy } from './remedy.ts';

/** Answers in a column and targets in a row give a square of all pairs: both are made rows where they meet. */
export const shape: SourceRemedy = {
  id: 'shape',
  title: 'Give answers and targets the same shape',
  causes: ['broadcast'],
  redefinesLoss: true,
  edit(context) {
    const meetings = meetingsOf(context);
    if (meetings.length === 0) return refuse('where answers and targets meet is not clear');
    const made = meetings.flatMap((meeting) => {
      const edits = evened(meeting);
      return edits.length ? [{ source: meeting.source, edits }] : [];
    });
    return made.length ? made : refuse('answers and targets are of the same shape already');
  },
};

/** Two expressions that are held against each other. */
interface Meeting {
  readonly source: Source;
  readonly a: Node;
  readonly b: Node;
}

const LOSS = /loss$|^criterion$|^objective$|crossEntropy|^bce/i;

/** The only two on the finding's line: of a difference, of a loss function's call, or of what calls the function that it's in. */
function meetingsOf({ sources, finding: { site } }: Context): readonly Meeting[] {
  for (const source of sources.filter(({ file }) => file === site?.file)) {
    const differences = differencesIn(source).filter(({ node }) => isAt(source, node, site));
    const outer = differences.filter(
      ({ node }) => !differences.some((other) => other.node.id !== node.id && within(node, other.node)),
    );
    const calls = source.calls.filter(
      ({ name, positional, node }) => LOSS.test(name) && positional.length === 2 && isAt(source, node, site),
    );
    const own: Meeting[] = [
      ...outer.map(({ left, right }) => ({ source, a: left, b: right })),
      ...calls.map(({ positional: [a, b] }) => ({ source, a, b })),
    ];
    const at = [...outer, ...calls, ...source.calls.filter(({ node }) => isAt(source, node, site))][0];
    const around = at && source.functionOf(at.node);
    const given = around ? givenTo(sources, source, around) : [];
    // how they come there says more than their names
    if (given.length && (own.length !== 1 || isOfParameters(around, own[0]))) return given;
    if (own.length === 1) return isSummedByRow(source, own[0].a) ? [] : own;
  }
  return [];
}

const parametersOf = (own: Node | null): Node[] =>
  childrenOf(own?.childForFieldName('parameters') ?? null).filter(({ type }) => type !== 'comment');

/** What a function of two parameters is called with. */
function givenTo(sources: readonly Source[], source: Source, own: Node): Meeting[] {
  const parameters = parametersOf(own).filter(({ text }) => text !== source.dialect.self);
  const isMethod = own.childForFieldName('name')?.text === 'forward' && !/loss/i.test(nameOfClass(source, own));
  if (parameters.length !== 2 || isMethod) return [];
  const calls = callsOf(sources, source, own);
  return calls.every(({ call }) => call.positional.length === 2)
    ? calls.map(({ source: caller, call: { positional } }) => ({ source: caller, a: positional[0], b: positional[1] }))
    : [];
}

const nameOfClass = (source: Source, own: Node) => source.classOf(own)?.childForFieldName('name')?.text ?? '';

function isOfParameters(own: Node | null, { a, b }: Meeting): boolean {
  const names = parametersOf(own).map(({ text }) => /^\w+/.exec(text)?.[0]);
  return [a, b].every(({ text }) => names.includes(text));
}

/** Behind it, something is summed up over the second dimension, which a row hasn't. */
const isSummedByRow = (source: Source, { endIndex, parent }: Node): boolean =>
  parent !== null &&
  /\b(?:sum|mean)\(\s*(?:-?1\b|\[|dim)/.test(source.text.slice(endIndex, source.statementOf(parent).endIndex));

/** A column becomes a row: the one of two that isn't made one already, or both where the text doesn't tell which it is. */
function evened({ source, a, b }: Meeting): TextEdit[] {
  const [first, second] = [rowing(source, a), rowing(source, b)];
  if (first && second) return [];
  const how = first ?? second ?? '.flatten()';
  return [first ? [] : behind(a, how), second ? [] : behind(b, how)].flat();
}

function behind(node: Node, text: string): TextEdit[] {
  return SIMPLE.test(node.type) || node.type === 'parenthesized_expression'
    ? [insertion(node.endIndex, text)]
    : [insertion(node.startIndex, '('), insertion(node.endIndex, `)${text}`)];
}

/** What answers for each element on its own, and leaves the shape as it is. */
const ELEMENTWISE =
  /^(?:sigmoid|tanh|relu|softplus|exp|log|abs|neg|clamp|to|type|float|double|cuda|cpu|contiguous|clone|detach|mul|div|add|sub)$/;

/** How an expression, or a variable where it's given its value, is made a row of numbers; null where that isn't seen. */
function rowing(source: Source, expression: Node, depth = 0): string | null {
  const node = bare(expression) ?? expression;
  if (depth > 8) return null;
  if (node.type === 'identifier') {
    const given = valuesOf(source, node).filter((value) => value.endIndex <= node.startIndex);
    const ways = given.map((value) => rowing(source, value, depth + 1));
    return ways.length && !ways.includes(null) ? ways[0] : null;
  }
  if (node.type === 'subscript') return /\[\s*:\s*,\s*-?\d+\s*\]$/.test(node.text) ? '.flatten()' : null;
  const call = source.dialect.callOf(node);
  if (!call?.receiver) return null;
  const list = call.list.text.replace(/\s/g, '');
  if (call.name === 'squeeze') return `.squeeze${list}`;
  if (/^(?:flatten|ravel)$/.test(call.name) && list === '()') return '.flatten()';
  if (/^(?:view|reshape)$/.test(call.name)) return /^\(\[?-1,?\]?\)$/.test(list) ? '.flatten()' : null;
  if (call.name === 'select') return /^\(1,/.test(list) ? '.flatten()' : null;
  return ELEMENTWISE.test(call.name) ? rowing(source, call.receiver, depth + 1) : null;
}
