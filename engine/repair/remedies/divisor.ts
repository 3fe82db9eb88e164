import type { Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { bare, type Division, divisionsIn } from '../source/division.ts';
import { refuse } from '../source/refusal.ts';
import { insertion, isAt, type Source } from '../source/source.ts';
import { isChangedInPlace, valuesOf } from '../source/values.ts';
import type { Context, SourceRemedy } from './remedy.ts';

/** Beside a deviation that is one, nothing. */
const SMALL = '1e-8';

/** What is the same everywhere has a standard deviation of 0, and 0 / 0 is NaN: a pixel that is never on, a batch of one value. */
export const divisor: SourceRemedy = {
  id: 'divisor',
  title: 'Add a small number to the standard deviation (or range) that is divided by',
  causes: ['non-finite-input', 'forward-overflow', 'backward-overflow'],
  edit(context) {
    const meant = context.sources.flatMap((source) =>
      divisionsIn(source).flatMap((division) => (isMeant(context, source, division) ? [{ source, division }] : [])),
    );
    const spreads = meant.flatMap(({ source, division }) => {
      const spread = spreadIn(source, division.divisor);
      return spread ? [{ source, division, spread }] : [];
    });
    if (spreads.length === 0) {
      const isGuarded = meant.some(({ source, division }) => mentionsSpread(source, division.divisor));
      refuse(isGuarded ? 'what is divided by is kept away from 0 already' : 'nothing is divided by a deviation there');
    }
    return spreads.map(({ source, division, spread }) => ({ source, edits: enlarged(source, division, spread) }));
  },
};

/** Where data come in that aren't finite, any division may have made them; otherwise the one that was found. */
const isMeant = ({ finding }: Context, source: Source, { node }: Division): boolean =>
  finding.cause === 'non-finite-input' || isAt(source, node, finding.site);

/** How far apart elements lie, as a tensor or as a number. */
type Spread = 'tensor' | 'number';

/** Of an expression that is a deviation or a range and nothing else, or a variable that is given one. */
function spreadIn(source: Source, expression: Node, seen: readonly string[] = []): Spread | null {
  const node = shapeless(source, expression);
  if (/^(?:identifier|attribute|member_expression)$/.test(node.type)) {
    if (seen.includes(node.text) || isChangedInPlace(source, node.text)) return null;
    const given = valuesOf(source, node).filter((value) => shapeless(source, value).text !== node.text);
    const [first = null, ...others] = given.map((value) => spreadIn(source, value, [...seen, node.text]));
    return others.includes(null) ? null : first;
  }
  const call = source.dialect.callOf(node);
  if (call?.name === 'item' && call.receiver) return spreadIn(source, call.receiver, seen) && 'number';
  const isDifference = call ? call.name === 'sub' : node.childForFieldName('operator')?.text === '-';
  const [large, small] = call
    ? [call.receiver, call.positional[0]]
    : [node.childForFieldName('left'), node.childForFieldName('right')];
  const isRange = isDifference && nameIn(source, large, /^a?max$/) && nameIn(source, small, /^a?min$/);
  const isRoot = call?.name === 'sqrt' && nameIn(source, call.positional[0] ?? call.receiver, /^var$/);
  return call?.name === 'std' || isRange || isRoot ? 'tensor' : null;
}

const SHAPING = /^(?:unsqueeze|squeeze|reshape|view|to)$/;

/** Without brackets, and before it got another shape. */
function shapeless(source: Source, node: Node): Node {
  const inner = bare(node) ?? node;
  const call = source.dialect.callOf(inner);
  return call?.receiver && SHAPING.test(call.name) ? shapeless(source, call.receiver) : inner;
}

const nameIn = (source: Source, node: Node | null | undefined, name: RegExp): boolean =>
  name.test(source.dialect.callOf(bare(node ?? null))?.name ?? '');

const mentionsSpread = (source: Source, { text }: Node): boolean =>
  /\bstd\b/.test(text) || new RegExp(`\\b${text.replace(/\W/g, '\\$&')}\\b.*=.*\\bstd\\b`).test(source.text);

function enlarged({ isPython }: Source, { divisor, binds, node }: Division, spread: Spread): TextEdit[] {
  if (!isPython && spread === 'tensor' && !binds && node.type === 'call_expression')
    return [insertion(divisor.endIndex, `.add(${SMALL})`)];
  if (!binds) return [insertion(divisor.endIndex, ` + ${SMALL}`)];
  const inner = divisor.type === 'parenthesized_expression' ? divisor.firstNamedChild : null;
  return inner
    ? [insertion(inner.endIndex, ` + ${SMALL}`)]
    : [insertion(divisor.startIndex, '('), insertion(divisor.endIndex, ` + ${SMALL})`)];
}
