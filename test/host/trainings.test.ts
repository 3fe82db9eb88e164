import path from 'node:path';
import { expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { runFile } from './scripts.ts';

// Whole trainings as someone who knows PyTorch writes them: they learn, and nothing is found wrong with them.

async function train(name: string): Promise<number[]> {
  const { run, output } = await runFile(path.join(import.meta.dirname, 'trainings', `${name}.ts`));
  expect(run.end?.ended).toBe('completed');
  expect(diagnose(run)).toEqual([]);
  return JSON.parse(output);
}

test('a GRU tags padded sequences, and leaves the padding alone', async () => {
  const [accuracy, padding] = await train('tagger');
  expect(accuracy).toBeGreaterThan(0.95);
  expect(padding).toBe(0);
});

test('a U-Net finds discs', async () => {
  const [background, disc] = await train('unet');
  expect(Math.min(background, disc)).toBeGreaterThan(0.8);
});

test('two heads learn an unbalanced set drawn by weights', async () => {
  const scores = await train('heads');
  expect(scores).toHaveLength(4);
  expect(Math.min(...scores)).toBeGreaterThan(0.75);
});
