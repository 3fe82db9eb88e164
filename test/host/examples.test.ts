import { expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { example, placeOf } from './scripts.ts';

// What the first comments of the example scripts promise.

test('backprop: the gradient is −24, at w', async () => {
  const { run, output } = await example('backprop');
  expect(output).toBe('Gradient (dL/dw): -24\n');
  expect(run.end?.ended).toBe('completed');
  expect(run.parameters.map(({ name, shape, site }) => [name, shape, placeOf(site)])).toEqual([
    ['w', [1], 'backprop.ts:5:11'],
  ]);
  expect(run.latestParameter(0)('gradientMean')).toBe(-24);
  expect(run.latestParameter(0)('weightMean')).toBe(2);
  expect(run.latestParameter(0)('updateNorm')).toBeNaN();
  expect(run.firstLoss).toBe(16);
  expect(diagnose(run)).toEqual([]);
});

test('line-by-hand: ends at w = 3 and b = −1, healthy', async () => {
  const { run, output } = await example('line-by-hand');
  const [w, b] = output.trim().split(' ').map(Number);
  expect(w).toBeCloseTo(3, 1);
  expect(b).toBeCloseTo(-1, 1);
  expect(run.stepCount).toBe(200);
  expect(run.parameters.map(({ name, site }) => [name, placeOf(site)])).toEqual([
    ['w', 'line-by-hand.ts:9:11'],
    ['b', 'line-by-hand.ts:10:11'],
  ]);
  expect(run.latestParameter(0)('updateNorm')).toBeGreaterThanOrEqual(0);
  expect(diagnose(run)).toEqual([]);
});

test('moons-vanishing: the gradient vanishes in the early layers, because of the sigmoids', async () => {
  const { run } = await example('moons-vanishing');
  expect(run.stepCount).toBe(400);
  const [finding, ...others] = diagnose(run);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ id: 'vanishing-gradient', severity: 'error', cause: 'saturating-activation' });
  expect(finding.layers).toContain('input');
  expect(finding.layers).not.toContain('output');
  expect(placeOf(finding.site)).toBe('moons-vanishing.ts:8:11');
  expect(finding.sites.map((site) => site.line)).toEqual([8, 9]);
});

test('rnn-exploding: the gradient explodes at `recurrent`, until it is not finite', async () => {
  const { run } = await example('rnn-exploding');
  const findings = diagnose(run);
  expect(findings.map(({ id }) => id)).toEqual(['exploding-gradient', 'non-finite']);
  const [exploding] = findings;
  expect(exploding.layers[0]).toBe('recurrent');
  expect(placeOf(exploding.site)).toBe('rnn-exploding.ts:11:15');
  expect(exploding.cause).toBe('recurrent-weights');
  expect(exploding.remedies.map(({ id }) => id)).toEqual(['clip', 'orthogonal', 'gated-cell']);
});
