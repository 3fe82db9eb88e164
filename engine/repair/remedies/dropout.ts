import { HEAVY_DROPOUT } from '../../diagnose/rules/heavyDropout.ts';
import type { Node } from '../../source/parser.ts';
import type { Call } from '../source/dialect.ts';
import { numberOf } from '../source/number.ts';
import { refuse } from '../source/refusal.ts';
import { isAt, replacement } from '../source/source.ts';
import { collect } from './layers.ts';
import type { SourceRemedy } from './remedy.ts';

/** A fifth to a half is usual (Srivastava et al. 2014). */
const USUAL = '0.2';

export const dropout: SourceRemedy = {
  id: 'dropout',
  title: 'Drop a fifth to a half',
  edit({ sources, finding }) {
    const heavy = sources.flatMap((source) =>
      source.calls.flatMap((call) => {
        const share = shareOf(call);
        const literal = share ? numberOf(source, share) : null;
        return literal && Number(literal.text) > HEAVY_DROPOUT ? [{ source, call, literal }] : [];
      }),
    );
    const named = heavy.filter(({ source, call }) => finding.sites.some((site) => isAt(source, call.node, site)));
    const meant = named.length ? named : heavy;
    if (meant.length === 0) return refuse(`no dropout of more than ${HEAVY_DROPOUT} is written as a number`);
    return collect(meant.map(({ source, literal }) => ({ source, edit: replacement(literal, USUAL) })));
  },
};

/** What a layer or a function drops: `nn.Dropout(p)`, `F.dropout(x, p)`, the `dropout` of a recurrence or of attention. */
function shareOf({ name, positional, named, receiver }: Call): Node | null {
  if (/^(?:Alpha|FeatureAlpha)?Dropout[123]?d?$/.test(name)) return positional[0] ?? named.get('p') ?? null;
  if (/^(?:alpha|featureAlpha)?[dD]ropout[123]?d?_?$/.test(name)) {
    // `F.dropout(x, p)`, and `x.dropout(p)`
    const isMethod = positional.length === 1 && receiver !== null && !named.has('p');
    return named.get('p') ?? positional[isMethod ? 0 : 1] ?? null;
  }
  return named.get('dropout') ?? null;
}
