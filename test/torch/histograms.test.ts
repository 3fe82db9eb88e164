import { describe, expect, test } from 'vitest';
import '../kernels/install.ts';
import { Histograms } from '../../engine/probe/histograms.ts';
import { type Histogram, histogramOf, magnitudesOf } from '../../engine/run/histogram.ts';
import { interpreters, watch } from './python.ts';

/** What the embedded engine counts in a gradient, of all its elements. */
function counted(gradient: Float32Array): Histogram {
  const histograms = new Histograms();
  histograms.add(0, gradient, true);
  return histogramOf(histograms.take()!, 0)!;
}

describe.each(interpreters)('histograms of gradients, torch $torch', (python) => {
  test('are those of the embedded engine', async () => {
    const { run, stdout } = await watch(python, 'magnitudes.py', { budget: 100 });
    expect(run.parameters.map(({ name }) => name)).toEqual(['a', 'b']);
    const [[told, few], [sampled, many]] = run.parameters.map(({ id, name }) => {
      const bytes = Buffer.from(new RegExp(`^${name} (\\w+)`, 'm').exec(stdout)![1], 'hex');
      const gradient = Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
      return [run.latestHistogram(id)!.histogram, counted(gradient)] as const;
    });
    expect(told).toEqual(few);
    // 0, −0 and a subnormal number; an infinity and NaN
    expect(told).toMatchObject({ zeros: 3, nonFinite: 2, first: -126, of: 14 });
    // two of [1/4, 1/2), two of [1/2, 1), one each of [1, 2) and [2, 4)
    expect([...told.counts.slice(124, 128)]).toEqual([2, 2, 1, 1]);

    // of many elements torch's observer looks at some
    expect(sampled.of).toBeLessThanOrEqual(4096);
    expect(sampled.of).toBeGreaterThan(1000);
    expect(many.of).toBe(20_000);
    const shares = [sampled, many].map((histogram) => {
      const { first, bins } = magnitudesOf([{ histogram, elements: 20_000 }])!;
      return (exponent: number) => bins[exponent - first] ?? 0;
    });
    for (let exponent = -30; exponent < -9; exponent++) {
      expect(Math.abs(shares[0](exponent) - shares[1](exponent))).toBeLessThan(0.02);
    }
    expect(shares[1](-10)).toBeGreaterThan(0.05);
  });
});
