import type { Node } from '../../source/parser.ts';
import { refuse } from '../source/refusal.ts';
import { replacement, type Source } from '../source/source.ts';
import type { SourceRemedy } from './remedy.ts';

/** Far below any score, and finite: exp of it is 0, and a row of nothing else gives every element the same share. */
const LOW = '-1e9';

/** What is put where a mask says so, and what whole masks are filled with. */
const MASKING = /^(?:maskedFill_?|where|full|fullLike|fill_)$/;

/** `-Infinity`, `float('-inf')`, `-torch.inf`, `-math.inf`, `-float("inf")`. */
const INFINITY =
  /^(?:-\s*(?:Infinity|Number\.POSITIVE_INFINITY|(?:\w+\.)?inf|float\(\s*["']inf(?:inity)?["']\s*\))|Number\.NEGATIVE_INFINITY|float\(\s*["']-inf(?:inity)?["']\s*\))$/i;

/** A large negative number in place of the −∞ of masks. */
export const finiteMask: SourceRemedy = {
  id: 'finite-mask',
  title: 'Mask with −10⁹ in place of −∞',
  causes: ['masked'],
  edit({ sources }) {
    const masks = sources.flatMap((source) => infinitiesIn(source).map((node) => ({ source, node })));
    if (masks.length === 0) return refuse('no mask in the text is filled with −∞');
    return masks.map(({ source, node }) => ({ source, edits: [replacement(node, LOW)] }));
  },
};

const infinitiesIn = (source: Source): Node[] =>
  source.calls.flatMap(({ name, positional, named }) =>
    MASKING.test(name) ? [...positional, ...named.values()].filter(({ text }) => INFINITY.test(text)) : [],
  );
