import fc from 'fast-check';
import { expect, test } from 'vitest';
import { History } from '../../engine/run/history.ts';
import { rows, step } from './frames.ts';

const numbers = (history: History) => history.steps.map((s) => s.step);

test('short runs are kept whole', () => {
  const history = new History();
  for (let i = 0; i < 4096; i++) history.add(step(i));
  expect(numbers(history)).toEqual(Array.from({ length: 4096 }, (_, i) => i));
});

test('100,000 steps: bounded, in order, exact at both ends', () => {
  const history = new History();
  for (let i = 0; i < 100_000; i++) {
    history.add(step(i));
    if (history.length > 4096) expect.fail(`${history.length} steps at step ${i}`);
  }
  const kept = numbers(history);
  expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
  expect(kept.slice(0, 64)).toEqual(Array.from({ length: 64 }, (_, i) => i));
  expect(kept.slice(-64)).toEqual(Array.from({ length: 64 }, (_, i) => 99_936 + i));
  expect(history.length).toBeGreaterThan(1500);
  // evenly spaced in between, however often it has been thinned
  const middle = kept.filter((number) => number > 10_000 && number < 90_000);
  const gaps = new Set(middle.slice(1).map((number, i) => number - middle[i]));
  expect(gaps.size, [...gaps].join()).toBe(1);
  expect(history.last?.step).toBe(99_999);
});

test('wide steps: bounded in bytes, never thinner than it is useful', () => {
  const history = new History({ steps: 4096, bytes: 1_000_000 });
  const wide = rows([0], Array(1024).fill(1));
  for (let i = 0; i < 5000; i++) history.add(step(i, { parameters: wide }));
  expect(history.length).toBeLessThan(300);
  expect(history.length).toBeGreaterThanOrEqual(64);
  expect(numbers(history).slice(0, 16)).toEqual(Array.from({ length: 16 }, (_, i) => i));
  expect(numbers(history).slice(-16)).toEqual(Array.from({ length: 16 }, (_, i) => 4984 + i));
});

test('steps around a pin stay exact', () => {
  const limits = { steps: 256, bytes: Infinity };
  const pinned = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(pinned, (pins) => {
      const history = new History(limits);
      for (let i = 0; i <= 4000; i++) {
        history.add(step(i));
        for (const pin of pins) if (i === pin + 8) history.pin(pin);
      }
      const kept = new Set(numbers(history));
      for (const pin of pins) {
        for (let i = Math.max(0, pin - 8); i <= pin + 8; i++) expect(kept.has(i), `step ${i}`).toBe(true);
      }
      expect(kept.size).toBeLessThanOrEqual(256);
    }),
    { numRuns: 20 },
  );
});

test('rare measured steps are thinned last', () => {
  const history = new History();
  const measured = rows([0], [1]);
  // as a sampler measures: now and then, at no even distance
  const isMeasured = (i: number) => i % 97 === 0 || i % 331 === 5;
  for (let i = 0; i < 100_000; i++) history.add(step(i, isMeasured(i) ? { parameters: measured } : {}));
  const kept = history.steps.filter(({ parameters }) => parameters.ids.length > 0).map((s) => s.step);
  expect(kept).toEqual(Array.from({ length: 100_000 }, (_, i) => i).filter(isMeasured));
  expect(history.length).toBeLessThanOrEqual(4096);
  const middle = history.steps.filter((s) => !isMeasured(s.step) && s.step > 10_000 && s.step < 90_000);
  expect(middle.length).toBeGreaterThan(100);
  const gaps = middle.slice(1).map((s, i) => s.step - middle[i].step);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * Math.min(...gaps) + 2);
});

test('too many measured steps are thinned, too', () => {
  const history = new History();
  const measured = rows([0], [1]);
  for (let i = 0; i < 100_000; i++) history.add(step(i, i % 10 === 0 ? { parameters: measured } : {}));
  expect(history.length).toBeLessThanOrEqual(4096);
  const kept = history.steps.filter(({ parameters }) => parameters.ids.length > 0);
  expect(kept.length).toBeGreaterThan(800);
});
