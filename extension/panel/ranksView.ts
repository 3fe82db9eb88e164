import { allRanks, byRank, isFar, type OfRank, timesOthers } from '../../engine/run/ranks.ts';
import type { Run } from '../../engine/run/run.ts';
import type { RankedLayerView, RanksView, RankValue } from '../../webview/protocol.ts';

/** More than can be looked through; the others are told of by `--json`. */
const MOST_LAYERS = 60;

/** What the ranks measured by themselves, side by side. */
export function ranksView(run: Run, chosen: number | null): RanksView {
  const all = [...allRanks(run).keys()];
  const layers = [...byRank(run)].map(([name, told]): RankedLayerView => {
    const valuesOf = (measure: (of: OfRank) => number) => all.map((rank) => rankValue(rank, told, measure));
    return { name, gradient: valuesOf((of) => of.gradient), output: valuesOf((of) => of.std) };
  });
  const differs = ({ gradient, output }: RankedLayerView) =>
    [...gradient, ...output].some(({ times }) => times !== null);
  const ordered = [...layers.filter(differs), ...layers.filter((layer) => !differs(layer))];
  return { all, chosen, layers: ordered.slice(0, MOST_LAYERS), layerCount: layers.length };
}

function rankValue(rank: number, told: readonly OfRank[], measure: (of: OfRank) => number): RankValue {
  const own = told.find((of) => of.rank === rank);
  if (!own || Number.isNaN(measure(own))) return { value: null, times: null };
  const times = timesOthers(measure(own), told.filter((of) => of !== own).map(measure));
  return { value: measure(own), times: isFar(times) ? times : null };
}
