import { describe, expect, test } from 'vitest';
import { HistogramWriter, histogramOf, magnitudesOf } from '../../engine/run/histogram.ts';
import { HistogramHistory } from '../../engine/run/history.ts';
import { Run } from '../../engine/run/run.ts';
import { PARAMETER_STATISTICS } from '../../engine/run/statistics.ts';
import { rows, start, step } from './frames.ts';

/** What kernels count: by exponent as float32 writes it. */
const counts = (some: { readonly [exponent: number]: number }, zeros = 0, nonFinite = 0) => {
  const all = new Uint32Array(256);
  for (const [exponent, count] of Object.entries(some)) all[Number(exponent) + 127] = count;
  all[0] = zeros;
  all[255] = nonFinite;
  return all;
};

const rowsOf = (...all: Uint32Array[]) => {
  const writer = new HistogramWriter();
  all.forEach((one, id) => {
    writer.add(id * 3, one);
  });
  return writer.take()!;
};

describe('rows of histograms', () => {
  test('say what was counted', () => {
    const rows = rowsOf(
      counts({ [-3]: 4, 0: 1 }, 2, 1),
      counts({}, 9),
      counts({ [-126]: 1, 127: 1 }),
      counts({ 5: 8 }),
    );
    expect(histogramOf(rows, 0)).toEqual({
      first: -3,
      counts: Uint32Array.of(4, 0, 0, 1),
      zeros: 2,
      nonFinite: 1,
      of: 8,
    });
    expect(histogramOf(rows, 3)).toMatchObject({ counts: Uint32Array.of(), zeros: 9, of: 9 });
    expect(histogramOf(rows, 6)).toMatchObject({ first: -126, of: 2 });
    expect(histogramOf(rows, 6)?.counts).toHaveLength(254);
    expect(histogramOf(rows, 9)).toMatchObject({ first: 5, counts: Uint32Array.of(8) });
    expect(histogramOf(rows, 1)).toBeNull();
  });

  test('that are damaged have no histogram', () => {
    const { ids, values } = rowsOf(counts({ [-3]: 4 }), counts({ 2: 1 }));
    for (let length = 0; length < values.length; length++)
      expect(histogramOf({ ids, values: values.subarray(0, length) }, 3)).toBeNull();
    const wide = values.slice();
    wide[4] = 0xffff_ffff;
    expect(histogramOf({ ids, values: wide }, 0)).toBeNull();
    expect(histogramOf({ ids, values: wide }, 3)).toBeNull();
  });

  test('a writer has none until something is counted, and none after they were taken', () => {
    const writer = new HistogramWriter();
    expect(writer.take()).toBeUndefined();
    writer.add(1, counts({ 0: 1 }));
    expect(writer.take()?.ids).toEqual(Uint32Array.of(1));
    expect(writer.take()).toBeUndefined();
  });
});

test('several tensors as one: a sample stands for the whole tensor', () => {
  const rows = rowsOf(counts({ [-2]: 1, [-1]: 1 }, 2), counts({ 1: 4 }, 0, 1));
  const [weight, bias] = [histogramOf(rows, 0)!, histogramOf(rows, 3)!];
  const magnitudes = magnitudesOf([
    { histogram: weight, elements: 75 },
    { histogram: bias, elements: 25 },
  ])!;
  expect(magnitudes.first).toBe(-2);
  expect([...magnitudes.bins].map((share) => Math.round(share * 1e4) / 1e4)).toEqual([0.1875, 0.1875, 0, 0.2]);
  expect(magnitudes.zeros).toBeCloseTo(0.375);
  expect(magnitudes.nonFinite).toBeCloseTo(0.05);
  expect(magnitudesOf([])).toBeNull();
});

test('100,000 steps of histograms: bounded, exact at both ends and around a pin', () => {
  const history = new HistogramHistory();
  const rows = rowsOf(counts({ [-3]: 4, 0: 1 }));
  for (let i = 0; i < 100_000; i++) {
    history.add({ step: i, rows });
    if (i === 60_000) history.pin(i);
    if (history.length > 1024) expect.fail(`${history.length} at step ${i}`);
  }
  const kept = history.steps.map(({ step }) => step);
  expect(kept.slice(0, 16)).toEqual(Array.from({ length: 16 }, (_, i) => i));
  expect(kept.slice(-16)).toEqual(Array.from({ length: 16 }, (_, i) => 99_984 + i));
  for (let i = 59_995; i <= 60_000; i++) expect(kept).toContain(i);
  expect(kept.length).toBeGreaterThan(300);
});

test('wide histograms: bounded in bytes', () => {
  const history = new HistogramHistory({ steps: 1024, bytes: 200_000 });
  const rows = { ids: Uint32Array.of(0), values: new Uint32Array(2500) };
  for (let i = 0; i < 3000; i++) history.add({ step: i, rows });
  expect(history.length).toBeLessThanOrEqual(129);
});

test('a run keeps histograms apart from its steps, and knows the last one of each parameter', () => {
  const run = new Run();
  const rows = rowsOf(counts({ 0: 3 }), counts({ 1: 4 }));
  run.apply(start);
  run.apply(step(0, { histograms: rows }));
  run.apply(step(1, { histograms: rowsOf(counts({ 2: 5 })) }));
  run.apply(step(2));
  expect(run.history.steps.some((one) => 'histograms' in one)).toBe(false);
  expect(run.histograms.steps.map((one) => one.step)).toEqual([0, 1]);
  expect(run.latestHistogram(0)).toMatchObject({ step: 1, histogram: { first: 2 } });
  expect(run.latestHistogram(3)).toMatchObject({ step: 0, histogram: { first: 1 } });
  expect(run.latestHistogram(7)).toBeNull();
});

test('around the step where a gradient stops being finite, a run keeps every histogram', () => {
  const run = new Run();
  const histograms = rowsOf(counts({ 0: 3 }));
  run.apply(start);
  const nonFinite = rows(
    [0],
    PARAMETER_STATISTICS.map((name) => (name === 'gradientNonFinite' ? 1 : 0)),
  );
  for (let i = 0; i < 20_000; i++)
    run.apply(step(i, i === 12_000 ? { histograms, parameters: nonFinite } : { histograms }));
  const kept = run.histograms.steps.map((one) => one.step);
  for (let i = 11_995; i <= 12_000; i++) expect(kept).toContain(i);
});
