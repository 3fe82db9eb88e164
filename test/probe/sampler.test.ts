import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Sampler } from '../../engine/probe/sampler.ts';

/** Milliseconds, which pass only where a test says so. */
let now = 0;
beforeEach(() => {
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Steps of a millisecond, at each of which the probe's work takes `regular`. @returns The steps in which something was sampled. */
function train(sampler: Sampler, steps: number, regular: (step: number) => number): number[] {
  const sampled: number[] = [];
  for (let step = 0; step < steps; step++) {
    sampler.beginStep();
    if (!sampler.rests) sampled.push(step);
    sampler.regularBegins();
    now += regular(step);
    sampler.regularEnds();
    for (const account of sampler.active ? [sampler.activations] : []) {
      account.begins();
      now += 0.5;
      account.ends();
    }
    now++;
  }
  sampler.beginStep();
  return sampled;
}

test('what every step takes is counted as it was at that time', () => {
  const sampler = new Sampler(() => now / 1000, 0);
  train(sampler, 10_000, (step) => (step < 5_000 ? 0.01 : 0.03));
  expect(sampler.spent).toBeGreaterThan(0.95 * 200);
  expect(sampler.spent).toBeLessThan(1.05 * 200);
});

test('a step that the machine interrupted counts as little more than others', () => {
  const interrupted = new Sampler(() => now / 1000, 0);
  train(interrupted, 10_000, (step) => (step === 9_985 ? 50 : 0.01));
  expect(interrupted.spent).toBeLessThan(1.05 * 100);
});

test('the first step, in which code is new, stands for itself alone', () => {
  const sampler = new Sampler(() => now / 1000, 0);
  train(sampler, 10_000, (step) => (step < 2 ? 20 : 0.01));
  expect(sampler.spent).toBeLessThan(150);
});

test('what an optimizer’s kernels take is estimated also where the first update comes late', () => {
  const sampler = new Sampler(() => now / 1000, 0);
  for (let step = 0; step < 1000; step++) {
    sampler.beginStep();
    now++;
    if (step >= 300) sampler.estimate(() => (now += 0.1));
  }
  expect(sampler.spent).toBeGreaterThan(0.1 * 700 * 0.95);
});

test('sampling takes what the work of every step leaves of the budget, and half a hundredth at least', () => {
  const share = (regular: number): number => {
    const before = now;
    const sampler = new Sampler(() => (now - before) / 1000, 0.05);
    train(sampler, 100_000, () => regular);
    return sampler.activations.spent / (now - before);
  };
  expect(share(0.01)).toBeGreaterThan(0.01);
  expect(share(0.01)).toBeLessThan(0.025);
  // half of it is for histograms
  expect(share(0.1)).toBeGreaterThan(0.002);
  expect(share(0.1)).toBeLessThan(0.004);
});
