import { formatDecade, formatNumber } from '../format.ts';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/**
 * Where values lie on a vertical axis. A chart draws `place(value)` on a linear scale from `min` to `max`, so zeros on a
 * logarithmic axis and values that aren't finite get a band of their own instead of breaking the line.
 */
export interface Axis {
  readonly min: number;
  readonly max: number;
  place(value: number): number;
  /** About `count` ticks, with those of the bands. */
  ticks(count: number): readonly Tick[];
}

/** What has to fit on an axis. */
export interface Extent {
  /** Of the finite values; on a logarithmic axis of the positive ones. `low > high` if there are none. */
  low: number;
  high: number;
  zeros: boolean;
  nonFinite: boolean;
}

export function emptyExtent(): Extent {
  return { low: Infinity, high: -Infinity, zeros: false, nonFinite: false };
}

/** NaN is "not measured" in a gradient's norm, but a loss that is NaN is just that. */
export function extend(extent: Extent, values: Float32Array, positive: boolean, nanIsMissing: boolean): void {
  for (const value of values) {
    if (Number.isNaN(value) && nanIsMissing) continue;
    if (!Number.isFinite(value)) extent.nonFinite = true;
    else if (positive && value <= 0) extent.zeros = true;
    else {
      if (value < extent.low) extent.low = value;
      if (value > extent.high) extent.high = value;
    }
  }
}

const BAND = 0.09;

export function logAxis(extent: Extent): Axis {
  const empty = extent.low > extent.high;
  const low = empty ? 0 : Math.floor(Math.log10(extent.low) + 1e-6);
  const high = Math.max(empty ? 1 : Math.ceil(Math.log10(extent.high) - 1e-6), low + 1);
  const band = (high - low) * BAND;
  const bands = bandsOf(extent, low, high, band);
  return {
    ...bands.range,
    place: (value) => (!Number.isFinite(value) ? high + band : value <= 0 ? low - band : Math.log10(value)),
    ticks(count) {
      const stride = Math.max(1, Math.ceil((high - low) / Math.max(1, count)));
      const ticks: Tick[] = [];
      for (let k = Math.ceil(low / stride) * stride; k <= high; k += stride) {
        ticks.push({ value: k, label: formatDecade(k) });
        // Within few decades, 2 and 5 make the scale readable.
        if ((high - low) * 3 <= count && k < high)
          for (const m of [2, 5]) ticks.push({ value: k + Math.log10(m), label: formatNumber(m * 10 ** k) });
      }
      return [...bands.ticks, ...ticks];
    },
  };
}

export function linearAxis(extent: Extent): Axis {
  const empty = extent.low > extent.high;
  const pad = empty ? 1 : extent.high === extent.low ? Math.abs(extent.low) / 2 || 1 : 0;
  const step = niceStep((empty ? 1 : extent.high - extent.low + 2 * pad) / 5);
  const low = Math.floor(((empty ? 0 : extent.low) - pad) / step + 1e-6) * step;
  const high = Math.ceil(((empty ? 1 : extent.high) + pad) / step - 1e-6) * step;
  const band = (high - low) * BAND;
  const bands = bandsOf({ ...extent, zeros: false }, low, high, band);
  return {
    ...bands.range,
    place: (value) => (Number.isFinite(value) ? value : high + band),
    ticks(count) {
      const stride = niceStep((high - low) / Math.max(1, Math.min(count, 6)));
      const ticks: Tick[] = [];
      for (let i = Math.ceil(low / stride - 1e-6); i * stride <= high + stride * 1e-6; i++)
        ticks.push({ value: i * stride, label: formatNumber(i * stride) });
      return [...bands.ticks, ...ticks];
    },
  };
}

function bandsOf(extent: Extent, low: number, high: number, band: number) {
  const ticks: Tick[] = [];
  if (extent.zeros) ticks.push({ value: low - band, label: '0' });
  if (extent.nonFinite) ticks.push({ value: high + band, label: 'NaN, ∞' });
  const range = {
    min: extent.zeros ? low - band * 1.5 : low,
    max: extent.nonFinite ? high + band * 1.5 : high,
  };
  return { ticks, range };
}

/** The least of 1, 2, 5 times a power of ten that isn't below `rough`. */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = rough / power;
  return (digit <= 1 + 1e-9 ? 1 : digit <= 2 + 1e-9 ? 2 : digit <= 5 + 1e-9 ? 5 : 10) * power;
}
