// The users' scripts as they stand reach what their first comments say.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const run = async (file: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', path('resolve.ts'), file]);
  return stdout.trim();
};
const script = (name: string) => run(path(`../../examples/scripts/${name}`));

describe('scripts', () => {
  test('backprop', async () => {
    expect(await script('backprop.ts')).toBe('Gradient (dL/dw): -24');
  });

  test('line-by-hand: w near 3, b near −1', async () => {
    expect(await script('line-by-hand.ts')).toBe('3.00 -1.00');
  });

  test('moons-vanishing: the loss stays at ln 2', { timeout: 120_000 }, async () => {
    const losses = (await script('moons-vanishing.ts')).split('\n').map((line) => Number(line.split(' ')[1]));
    expect(losses.length).toBe(4);
    expect(losses.at(-1)).toBeCloseTo(Math.LN2, 3);
  });

  test('rnn-exploding runs to its end', { timeout: 60_000 }, async () => {
    expect(await script('rnn-exploding.ts')).toBe('');
  });

  test('digits-cnn: test accuracy over 0.97', { timeout: 240_000 }, async () => {
    const last = (await script('digits-cnn.ts')).split('\n').at(-1)!;
    expect(Number(last.split(' ').at(-1))).toBeGreaterThan(0.97);
  });
});
