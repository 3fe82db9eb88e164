import type { ChartDataset } from 'chart.js';
import type { Point } from './thin.ts';

type Line = ChartDataset<'line', Point[]>;
export type Lines = Line[];

/**
 * A line whose zeros and non-finite values, which lie in bands of their own, are marked where they begin and end, and
 * joined by dots: nothing was measured in between.
 */
export function line(points: Point[], values: Float32Array, color: string, width: number): Line {
  const special = points.map(({ at }) => isSpecial(values[at]));
  const base = {
    data: points,
    borderColor: color,
    borderWidth: width,
    pointBackgroundColor: color,
    pointBorderColor: color,
  };
  if (points.length > 1 && !special.includes(true)) return { ...base, pointRadius: 0 };
  // A point without a line to be seen by is marked, too.
  const marked = points.map((_, i) => points.length === 1 || (special[i] && !(special[i - 1] && special[i + 1])));
  return {
    ...base,
    pointRadius: marked.map((mark) => (mark ? 3.5 : 0)),
    pointBorderWidth: 1.5,
    pointStyle: points.map(({ at }) => (Number.isFinite(values[at]) ? 'circle' : 'crossRot')),
    segment: {
      borderDash: ({ p0DataIndex, p1DataIndex }) => (special[p0DataIndex] || special[p1DataIndex] ? [1, 4] : undefined),
    },
  };
}

export function isSpecial(value: number): boolean {
  return value === 0 || !Number.isFinite(value);
}
