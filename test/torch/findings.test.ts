import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { findings, interpreters, watch } from './python.ts';

/** Milliseconds. All start at once and take turns, a few at a time. */
const WHILE_OTHERS_RUN = 900_000;

/** What a script's first line expects, `# expects: id, cause` or `nothing`, and the line that is marked `# here`. */
function expectation(script: string) {
  const lines = fs.readFileSync(path.join(findings, script), 'utf8').split('\n');
  const [id, cause] = lines[0].replace('# expects: ', '').split(', ');
  return { id, cause, line: lines.findIndex((line) => line.endsWith('# here')) + 1 };
}

const scripts = fs.readdirSync(findings).filter((name) => name.endsWith('.py'));

describe.skipIf(interpreters.length === 0).each(interpreters)('torch $torch', (python) => {
  test.concurrent.each(scripts)('%s', { timeout: WHILE_OTHERS_RUN }, async (script) => {
    const { id, cause, line } = expectation(script);
    const { run, stderr, code } = await watch(python, path.join(findings, script));
    expect([stderr, code]).toEqual(['', 0]);
    expect(run.notes).toEqual([]);
    const found = diagnose(run);
    if (id === 'nothing') expect(found).toEqual([]);
    else expect(found).toContainEqual(expect.objectContaining({ id, cause, site: expect.objectContaining({ line }) }));
  });
});
