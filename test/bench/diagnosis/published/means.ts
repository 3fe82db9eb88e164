import type { ActivationRow, ParameterRow } from '../../../../engine/run/run.ts';

/** The means of tensors over time, by which DeepLocalize and DeepDiagnosis go. */

/**
 * NaN if an element isn't finite. A mean that is 0 by rounding alone, while elements aren't, is left out (undefined): another order
 * of summation would give another one.
 */
function meanOf(mean: number, zeroShare: number, nonFinite = 0): number | undefined {
  if (nonFinite > 0) return Number.NaN;
  return mean === 0 && zeroShare < 1 ? undefined : mean;
}

export const outputMean = (output: ActivationRow) => meanOf(output('mean'), output('zeroShare'), output('nonFinite'));
export const gradientMean = (row: ParameterRow) =>
  meanOf(row('gradientMean'), row('gradientZeroShare'), row('gradientNonFinite'));
export const weightMean = (row: ParameterRow) => meanOf(row('weightMean'), Number(row('weightNorm') === 0));

/** Values of a statistic in order of time, by what it's of. */
export type Series = Map<string, number[]>;

export const add = (series: Series, of: string, value: number | undefined): void => {
  if (value === undefined) return;
  const known = series.get(of);
  if (known) known.push(value);
  else series.set(of, [value]);
};

/** In one of the groups of so many, one after the other, all values are the same. */
export function isUnchanged(values: readonly number[], count: number): boolean {
  for (let i = 0; i + count <= values.length; i += count) {
    if (values.slice(i, i + count).every((value) => value === values[i])) return true;
  }
  return false;
}
