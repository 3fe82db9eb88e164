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
  /** Where the bands begin: what lies between `low` and `high` is to scale. */
  readonly low: number;
  readonly high: number;
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
  let { low, high } = extent;
  // Two million values pass here for a large run, so the usual case comes first.
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < Infinity && (positive ? value > 0 : value > -Infinity)) {
      if (value < low) low = value;
      if (value > high) high = value;
    } else if (Number.isFinite(value)) extent.zeros = true;
    else if (!(nanIsMissing && Number.isNaN(value))) extent.nonFinite = true;
  }
  Object.assign(extent, { low, high });
}

/** Height of a band relative to what is to scale. */
const BAND = 0.14;

export function logAxis(extent: Extent): Axis {
  const empty = extent.low > extent.high;
  const low = empty ? 0 : Math.floor(Math.log10(extent.low) + 1e-6);
  const high = Math.max(empty ? 1 : Math.ceil(Math.log10(extent.high) - 1e-6), low + 1);
  const band = (high - low) * BAND;
  const bands = bandsOf(extent, low, high, band);
  return {
    ...bands.range,
    place: (value) => (!Number.isFinite(value) ? high + band / 2 : value <= 0 ? low - band / 2 : Math.log10(value)),
    ticks(count) {
      const stride = Math.max(1, Math.ceil((high - low) / Math.max(1, count)));
      const ticks: Tick[] = [];
      for (let k = Math.ceil(low / stride) * stride; k <= high; k += stride) {
        ticks.push({ value: k, label: formatDecade(k) });
        // Within few decades, 2 and 5 make the scale readable.
        if ((high - low) * 3 <= count && k < high)
          for (const m of [2, 5]) ticks.push({ value: k + Math.log10(m), label: formatNumber(m * 10 ** k) });
      }
      return bands.with(ticks, count);
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
    place: (value) => (Number.isFinite(value) ? value : high + band / 2),
    ticks(count) {
      const stride = niceStep((high - low) / Math.max(1, Math.min(count, 6)));
      const ticks: Tick[] = [];
      for (let i = Math.ceil(low / stride - 1e-6); i * stride <= high + stride * 1e-6; i++)
        ticks.push({ value: i * stride, label: formatNumber(i * stride) });
      return bands.with(ticks, count);
    },
  };
}

function bandsOf(extent: Extent, low: number, high: number, band: number) {
  const ticks: Tick[] = [];
  if (extent.zeros) ticks.push({ value: low - band / 2, label: '0' });
  if (extent.nonFinite) ticks.push({ value: high + band / 2, label: 'NaN, ∞' });
  const range = { low, high, min: extent.zeros ? low - band : low, max: extent.nonFinite ? high + band : high };
  // A label of a band hides the ticks that would run into it.
  const clear = (tick: Tick, gap: number) => ticks.every((band) => Math.abs(band.value - tick.value) >= gap);
  return {
    range,
    with(others: readonly Tick[], count: number): readonly Tick[] {
      const gap = ((range.max - range.min) / Math.max(1, count)) * 0.7;
      return [...ticks, ...others.filter((tick) => clear(tick, gap))];
    },
  };
}

/** The least of 1, 2, 5 times a power of ten that isn't below `rough`. */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = rough / power;
  return (digit <= 1 + 1e-9 ? 1 : digit <= 2 + 1e-9 ? 2 : digit <= 5 + 1e-9 ? 5 : 10) * power;
}
