import { expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { example } from './scripts.ts';

test('digits-cnn: test accuracy over 0.97, healthy', async () => {
  const { run, output } = await example('digits-cnn');
  expect(run.end?.ended).toBe('completed');
  const accuracies = [...output.matchAll(/test accuracy ([\d.]+)/g)].map(([, accuracy]) => Number(accuracy));
  expect(accuracies).toHaveLength(15);
  expect(accuracies.at(-1)).toBeGreaterThan(0.97);
  expect(diagnose(run)).toEqual([]);
});
