import type { Lines } from './plot.ts';
import type { Point } from './thin.ts';

type Line = Lines[number];

/** Points that have no line to be seen by, or whose value is a zero or not finite, get a mark. */
export function line(points: Point[], values: Float32Array, color: string, width: number): Line {
  const marked = points.length === 1 || points.some((point) => isSpecial(values[point.at]));
  return {
    data: points,
    borderColor: color,
    borderWidth: width,
    pointBackgroundColor: color,
    pointBorderColor: color,
    pointRadius: marked ? points.map((point) => (points.length === 1 || isSpecial(values[point.at]) ? 3 : 0)) : 0,
    pointStyle: marked ? points.map((point) => (Number.isFinite(values[point.at]) ? 'circle' : 'crossRot')) : 'circle',
  };
}

function isSpecial(value: number): boolean {
  return value === 0 || !Number.isFinite(value);
}
