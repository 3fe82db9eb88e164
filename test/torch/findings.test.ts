import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { findings, interpreters, watch } from './python.ts';

/**
 * What a script's first line expects, `# expects: id, cause` or `nothing`, and the line that is marked `# here`. What
 * happens at one step alone, late, is seen for certain only where every step is measured: `, at every step`.
 */
function expectation(script: string) {
  const lines = fs.readFileSync(path.join(findings, script), 'utf8').split('\n');
  const [id, cause, when] = lines[0].replace('# expects: ', '').split(', ');
  const budget = when === 'at every step' ? 100 : 5;
  return { id, cause, budget, line: lines.findIndex((line) => line.endsWith('# here')) + 1 };
}

const scripts = fs.readdirSync(findings).filter((name) => name.endsWith('.py'));

describe.skipIf(interpreters.length === 0).each(interpreters)('torch $torch', (python) => {
  test.concurrent.each(scripts)('%s', async (script) => {
    const { id, cause, budget, line } = expectation(script);
    const { run, stderr, code } = await watch(python, path.join(findings, script), { budget, forked: true });
    expect([stderr, code]).toEqual(['', 0]);
    expect(run.notes).toEqual([]);
    const found = diagnose(run);
    if (id === 'nothing') expect(found).toEqual([]);
    else expect(found).toContainEqual(expect.objectContaining({ id, cause, site: expect.objectContaining({ line }) }));
  });
});
