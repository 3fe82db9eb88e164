import { describe, expect, it } from 'vitest';
import { emptyExtent, extend, linearAxis, logAxis, niceStep } from '../../webview/flow/charts/axis.ts';
import { spread, thin } from '../../webview/flow/charts/thin.ts';

function extentOf(values: number[], positive = true, nanIsMissing = true) {
  const extent = emptyExtent();
  extend(extent, Float32Array.from(values), positive, nanIsMissing);
  return extent;
}

describe('a logarithmic axis', () => {
  it('spans whole decades and has no bands without need', () => {
    const axis = logAxis(extentOf([3e-9, 0.2, Number.NaN]));
    expect([axis.min, axis.max + 0]).toEqual([-9, 0]);
    expect(axis.place(1e-4)).toBeCloseTo(-4);
    expect(axis.ticks(20).map((tick) => tick.label)).toContain('1e−9');
  });

  it('puts zeros below and what is not finite above all that is to scale', () => {
    const axis = logAxis(extentOf([0, 1e-3, 10, Infinity]));
    expect(axis.place(0)).toBeLessThan(axis.low);
    expect(axis.place(0)).toBeGreaterThan(axis.min);
    for (const value of [Infinity, Number.NaN]) {
      expect(axis.place(value)).toBeGreaterThan(axis.high);
      expect(axis.place(value)).toBeLessThan(axis.max);
    }
    const labels = axis.ticks(12).map((tick) => tick.label);
    expect(labels).toContain('0');
    expect(labels).toContain('NaN, ∞');
  });

  it.each([[[]], [[0, 0]], [[Infinity]], [[Number.NaN]], [[5]]])('stays finite for %j', (values) => {
    const axis = logAxis(extentOf(values));
    expect(axis.max).toBeGreaterThan(axis.min);
    expect(Number.isFinite(axis.min) && Number.isFinite(axis.max)).toBe(true);
    for (const tick of axis.ticks(8)) expect(Number.isFinite(tick.value)).toBe(true);
  });

  it('keeps its labels apart', () => {
    for (const count of [3, 5, 8, 14, 30]) {
      const axis = logAxis(extentOf([0, 1e-30, 1e30, Infinity]));
      const values = axis
        .ticks(count)
        .map((tick) => tick.value)
        .sort((a, b) => a - b);
      const gaps = values.slice(1).map((value, i) => value - values[i]);
      expect(Math.min(...gaps)).toBeGreaterThan(((axis.max - axis.min) / count) * 0.6);
    }
  });
});

describe('a linear axis', () => {
  it('has round ends', () => {
    const axis = linearAxis(extentOf([0.686, 0.7512], false, false));
    expect([axis.min, axis.max].map((value) => Number(value.toFixed(6)))).toEqual([0.68, 0.76]);
  });

  it('takes a NaN loss for what it is', () => {
    const axis = linearAxis(extentOf([1, Number.NaN], false, false));
    expect(axis.place(Number.NaN)).toBeGreaterThan(axis.high);
  });

  it('steps nicely', () =>
    expect([0.013, 0.2, 3, 51].map((v) => Number(niceStep(v).toPrecision(3)))).toEqual([0.02, 0.2, 5, 100]));
});

describe('thinning', () => {
  const steps = Float64Array.from({ length: 10_000 }, (_, i) => i);
  const values = Float32Array.from(steps, (i) => 1 + 0.1 * Math.sin(i));

  it('draws at most two points per column, in order', () => {
    const points = thin(steps, values, logAxis(extentOf([...values])), 300, true);
    expect(points.length).toBeLessThanOrEqual(600);
    expect(points.every((point, i) => i === 0 || point.x > points[i - 1].x)).toBe(true);
  });

  it('never loses a peak, a zero or a NaN', () => {
    const special = values.slice();
    special[1234] = 1e6;
    special[5678] = 0;
    special[9101] = Infinity;
    const points = thin(steps, special, logAxis(extentOf([...special])), 300, true);
    expect(points.map((point) => point.at)).toEqual(expect.arrayContaining([1234, 5678, 9101]));
  });

  it('joins what was measured over what was not', () => {
    const sparse = Float32Array.of(1, Number.NaN, Number.NaN, 2);
    const points = thin(Float64Array.of(0, 1, 2, 3), sparse, logAxis(extentOf([1, 2])), 300, true);
    expect(points.map((point) => point.x)).toEqual([0, 3]);
  });

  it('spreads lines over the depth with both ends', () => {
    expect(spread(3, 5)).toEqual([0, 1, 2]);
    expect(spread(1000, 4)).toEqual([0, 333, 666, 999]);
  });
});
