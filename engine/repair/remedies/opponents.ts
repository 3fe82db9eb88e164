import type { Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { meansTheSame } from '../source/binding.ts';
import type { Call } from '../source/dialect.ts';
import { type Imported, importOf } from '../source/imports.ts';
import { optimizersOf } from '../source/loop.ts';
import { replacement, type Source, within } from '../source/source.ts';
import { onLine } from '../source/squashing.ts';
import type { Context, Edits } from './remedy.ts';

const OPPOSITE: { readonly [labels: string]: Imported } = {
  zeros: 'ones',
  ones: 'zeros',
  zerosLike: 'onesLike',
  onesLike: 'zerosLike',
};

/**
 * Of two players, the one that is to deceive the other has the other's labels for what it makes: it gets the opposite ones. The
 * other is known by what it's told of the same, detached. Nothing where that isn't so.
 */
export function oppositeLabels({ sources, finding: { site } }: Context): Edits {
  if (sources.flatMap(optimizersOf).length < 2) return [];
  const judged = sources.flatMap((source) =>
    source.calls
      .filter(({ name, positional }) => /bce|entropy|criterion|loss/i.test(name) && positional.length > 1)
      .map((call) => ({ source, call })),
  );
  const [own, ...more] = onLine(judged, site).filter(({ source, call }) => !isDetached(source, call));
  if (!own || more.length) return [];
  const { source } = own;
  const labels = own.call.positional[1];
  const others = judged.filter(({ source: other, call }) => other === source && call !== own.call);
  const other = others.find(
    ({ call }) => isDetached(source, call) && kindOf(source, call.positional[1]) === kindOf(source, labels),
  );
  if (!other) return [];
  const made = source.dialect.callOf(labels);
  if (made && made.name in OPPOSITE) return [{ source, edits: swapped(source, made) }];
  // named labels: those of what is real
  const real = others.find(
    ({ call }) =>
      !isDetached(source, call) && call.positional[1].type === 'identifier' && call.positional[1].text !== labels.text,
  )?.call.positional[1];
  const isNamed = labels.type === 'identifier' && real && meansTheSame(source, real.text, real, labels);
  return isNamed ? [{ source, edits: [replacement(labels, real.text)] }] : [];
}

/** What is judged there gives no gradient to who has made it. */
function isDetached(source: Source, { positional: [judged] }: Call): boolean {
  return source.calls.some(({ name, node }) => name === 'detach' && within(node, judged));
}

const kindOf = (source: Source, labels: Node): string => source.dialect.callOf(labels)?.name ?? labels.text;

function swapped(source: Source, { name, callee, receiver }: Call): TextEdit[] {
  const opposite = OPPOSITE[name];
  if (!receiver) {
    const known = importOf(source, opposite);
    return [...known.edits, replacement(callee, known.name)];
  }
  const spelt = source.dialect.spell(opposite);
  return [{ start: callee.endIndex - source.dialect.spell(name).length, end: callee.endIndex, newText: spelt }];
}
