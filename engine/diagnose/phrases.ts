import { placeKey, type Site } from '../site.ts';

/** A number as a person reads it: three significant digits, `1.2e−9` for the very small and the very large. */
export function number(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x > 0 ? '∞' : '−∞';
  const size = Math.abs(x);
  const text = x === 0 || (size >= 1e-3 && size < 1e5) ? String(Number(x.toPrecision(3))) : x.toExponential(1);
  return text.replace('e+', 'e').replaceAll('-', '−');
}

/** A norm that may not have been measured (NaN), or not have been finite (Infinity). */
export function norm(x: number): string {
  if (Number.isNaN(x)) return '–';
  return x === Infinity ? 'NaN or ∞' : number(x);
}

/** A number that may not have been measured. */
export const measured = (x: number): string => (Number.isNaN(x) ? '–' : number(x));

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The sites of a finding, the first known one foremost, each once. */
export function place(sites: readonly (Site | null)[]): {
  readonly site: Site | null;
  readonly sites: readonly Site[];
} {
  const byKey = new Map<string, Site>();
  for (const site of sites) {
    const key = placeKey(site);
    if (site && !byKey.has(key)) byKey.set(key, site);
  }
  const unique = [...byKey.values()];
  return { site: unique[0] ?? null, sites: unique };
}
