import { elementCount, type LayerGroup } from '../../engine/run/groups.ts';
import { histogramOf, type Magnitudes, magnitudesOf } from '../../engine/run/histogram.ts';
import type { Run } from '../../engine/run/run.ts';
import type { MagnitudesView } from '../../webview/protocol.ts';
import { evenly } from './thinned.ts';

/** Columns of the picture: more would be narrower than they can be told apart. */
const COLUMNS = 240;

/** How the magnitudes of a layer's gradient were distributed over time; null where that was never measured. */
export function magnitudesView(run: Run, { parameters }: LayerGroup): MagnitudesView | null {
  const measured: { readonly step: number; readonly magnitudes: Magnitudes }[] = [];
  for (const { step, rows } of evenly(run.histograms.steps, COLUMNS)) {
    const magnitudes = magnitudesOf(
      parameters.flatMap((parameter) => {
        const histogram = histogramOf(rows, parameter.id);
        return histogram && histogram.of > 0 ? [{ histogram, elements: elementCount(parameter) }] : [];
      }),
    );
    if (magnitudes) measured.push({ step, magnitudes });
  }
  if (measured.length === 0) return null;
  const filled = measured.filter(({ magnitudes }) => magnitudes.bins.length > 0);
  const first = filled.length ? Math.min(...filled.map(({ magnitudes }) => magnitudes.first)) : 0;
  const end = Math.max(first, ...filled.map(({ magnitudes }) => magnitudes.first + magnitudes.bins.length));
  const bins = end - first;
  const share = new Float32Array(measured.length * bins);
  measured.forEach(({ magnitudes }, i) => {
    share.set(magnitudes.bins, i * bins + (magnitudes.bins.length ? magnitudes.first - first : 0));
  });
  return {
    step: Float64Array.from(measured, ({ step }) => step),
    first,
    bins,
    share,
    zeros: Float32Array.from(measured, ({ magnitudes }) => magnitudes.zeros),
    nonFinite: Float32Array.from(measured, ({ magnitudes }) => magnitudes.nonFinite),
  };
}
