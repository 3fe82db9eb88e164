import { createTwoFilesPatch } from 'diff';
import { describe, expect, test } from 'vitest';
import { remedied } from '../remedy.ts';
import { shapes } from '../shapes.ts';

const REMEDIES = ['normalization', 'residual', 'activation', 'initialization', 'clip', 'learning-rate', 'warm-up'];

/** The lines that change. */
const changes = (before: string, after: string) =>
  createTwoFilesPatch('', '', before, after, '', '', { context: 0 })
    .split('\n')
    .filter((line) => /^[+-](?!--|\+\+)/.test(line))
    .join('\n');

describe.each(Object.entries(shapes))('%s', (_name, { file, text }) => {
  test.each(REMEDIES)('%s', async (id) => {
    const { after, reason } = await remedied(id, file, text);
    expect(reason ?? changes(text, after)).toMatchSnapshot();
  });

  test.each(REMEDIES.filter((id) => id !== 'learning-rate'))('%s, twice: nothing more', async (id) => {
    const first = await remedied(id, file, text);
    if (!first.edit) return expect(first.reason).not.toBeNull();
    const second = await remedied(id, file, first.after);
    expect(second.edit, second.after).toBeNull();
    expect(second.reason).toMatch(/already/);
  });
});
