import { expect, test } from 'vitest';
import { remedied } from '../remedy.ts';
import { singles } from '../singles.ts';

test.each(Object.entries(singles))('%s', async (_name, { remedy, file, text, written }) => {
  const { after, reason } = await remedied(remedy, file, text);
  expect(reason).toBeNull();
  const lines = after.split('\n');
  for (const line of written) expect(lines, after).toContain(line);
  const again = await remedied(remedy, file, after);
  expect(again.edit, again.after).toBeNull();
});
