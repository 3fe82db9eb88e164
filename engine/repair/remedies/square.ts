import type { TextEdit } from '../edit.ts';
import { type Difference, differencesIn } from '../source/difference.ts';
import { bare } from '../source/division.ts';
import { refuse } from '../source/refusal.ts';
import { insertion, isAt, type Source, same, within } from '../source/source.ts';
import { SIMPLE } from '../source/unwrapped.ts';
import { type Way, waysOf } from '../source/way.ts';
import type { SourceRemedy } from './remedy.ts';

/** A mean of errors with their signs, which cancel: the square of each has a least value. */
export const square: SourceRemedy = {
  id: 'square',
  title: 'Take the square of each difference',
  causes: ['signed-error'],
  redefinesLoss: true,
  edit({ sources, finding: { site } }) {
    const all = sources.flatMap((source) =>
      differencesIn(source)
        .map((difference): Start => ({ source, difference, ways: waysOf(sources, source, difference.node) }))
        .filter(({ ways }) => ways.length > 0),
    );
    const there = all.filter(({ source, difference }) => isAt(source, difference.node, site));
    const meant = outermost(there.length ? there : all);
    if (meant.length === 0) return refuse('no difference that goes on to a backward pass with its sign was found');
    if (meant.length > 1) return refuse('several differences go on to a backward pass');
    const [{ source, difference, ways }] = meant;
    if ([difference.left, difference.right].some((side) => isReduced(source, side)))
      return refuse('what is left of answers and targets is one number each');
    // the square is to be minimized, whichever way the difference was
    const turned = ways.filter((way) => way.length % 2 === 1).map(([minus]) => minus);
    return [
      { source, edits: squared(source, difference) },
      ...turned.map((minus) => ({ source: minus.source, edits: minus.edits() })),
    ];
  },
};

interface Start {
  readonly source: Source;
  readonly difference: Difference;
  readonly ways: readonly Way[];
}

/** `a - b - c` is one difference. */
const outermost = (all: readonly Start[]): Start[] =>
  all.filter(
    ({ source, difference: { node } }) =>
      !all.some(
        (other) => other.source === source && !same(other.difference.node, node) && within(node, other.difference.node),
      ),
  );

const isReduced = (source: Source, side: Difference['left']): boolean => {
  const call = source.dialect.callOf(bare(side));
  return call !== null && /^(?:mean|sum)$/.test(call.name);
};

/** As squares are written in this text elsewhere. */
function squared(source: Source, { node }: Difference): TextEdit[] {
  const isPower = source.isPython && /\*\*\s*2\b/.test(source.text) && !/\.(?:square|pow)\(/.test(source.text);
  const isPow = /\.pow\(\s*2\s*\)/.test(source.text) && !/\bsquare\(/.test(source.text);
  const [open, close] = SIMPLE.test(node.type) ? ['', ''] : ['(', ')'];
  const inBrackets = node.parent?.type === 'parenthesized_expression';
  const end = inBrackets && node.parent ? node.parent.endIndex : node.endIndex;
  const [start, stop] = inBrackets ? ['', ''] : [open, close];
  if (!isPower) return edits(node.startIndex, start, end, `${stop}${isPow ? '.pow(2)' : '.square()'}`);
  // `(a - b) ** 2` is to be taken as one where it's a part of something
  const whole = inBrackets ? node.parent : node;
  const isReceiver = /^(?:attribute|subscript)$/.test(whole?.parent?.type ?? '');
  const [outer, outerEnd] = isReceiver ? ['(', ')'] : ['', ''];
  return edits(whole?.startIndex ?? node.startIndex, `${outer}${start}`, end, `${stop} ** 2${outerEnd}`);
}

const edits = (start: number, before: string, end: number, behind: string): TextEdit[] => [
  ...(before ? [insertion(start, before)] : []),
  insertion(end, behind),
];
