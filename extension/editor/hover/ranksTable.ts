import { measured, number, plural } from '../../../engine/diagnose/phrases.ts';
import { type LayerGroup, layerGroups, localGradientNorm } from '../../../engine/run/groups.ts';
import { allRanks, isFar, timesOthers } from '../../../engine/run/ranks.ts';
import type { Session } from '../../runs/session.ts';
import { lines, MOST_ROWS, table } from '../markdown.ts';

/** What each rank measured of a layer, before anything was averaged among them; what is far from the others is marked. */
export function ranksTable({ run }: Session, { name }: LayerGroup): string | null {
  if (run.ranks.size === 0) return null;
  const all = [...allRanks(run)].map(([rank, of]) => {
    const own = layerGroups(of).find((group) => group.name === name);
    const output = own && own.layer !== null ? of.latestLayer(own.layer) : null;
    const gradient = own ? localGradientNorm(of, of.ownGradientsAt ?? 'latest', own) : Number.NaN;
    return { rank, gradient, mean: output?.('mean') ?? Number.NaN, std: output?.('std') ?? Number.NaN };
  });
  const marked = (value: (of: (typeof all)[number]) => number, own: (typeof all)[number], text: string) => {
    const times = timesOthers(value(own), all.filter((other) => other !== own).map(value));
    return isFar(times)
      ? `**${text}** $(warning) ${times > 1 ? `${number(times)} ×` : `1/${number(1 / times)} of`} the ${all.length > 2 ? 'others' : 'other'}`
      : text;
  };
  const rows = all
    .slice(0, MOST_ROWS)
    .map((own) => [
      `rank ${own.rank}`,
      marked((of) => of.gradient, own, measured(own.gradient)),
      marked((of) => of.std, own, Number.isNaN(own.mean) ? '–' : `${measured(own.mean)} ± ${measured(own.std)}`),
    ]);
  const more = all.length - rows.length;
  return lines(table(rows, ['', 'own gradient', 'output']), more > 0 ? `and ${plural(more, 'more rank')}` : null);
}
