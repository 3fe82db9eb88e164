import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { interpreters, runPython, watch } from './python.ts';

/** Libraries that train for their users, and what must be seen of a script of theirs. */
const libraries = [
  { library: 'lightning', script: 'lightning_digits.py', steps: 30, first: ['encoder.1.weight', 'LitDigits'] },
  {
    library: 'transformers, accelerate',
    script: 'hf_gpt2.py',
    steps: 20,
    first: ['transformer.wte.weight', 'GPT2LMHeadModel'],
  },
] as const;

for (const { library, script, steps, first } of libraries) {
  const having = interpreters.filter(({ path }) => spawnSync(path, ['-c', `import ${library}`]).status === 0);
  if (having.length === 0) {
    console.warn(`SKIPPED: no Python with torch also has ${library}; install it there to have ${script} tested.`);
    test.skip(`${library}: no Python with torch has it`, () => {});
    continue;
  }
  describe.each(having)(`${library}, torch $torch`, (python) => {
    test(`${script}: the same bits, and is seen`, async () => {
      // how long it took is no result
      const result = (text: string) => text.replaceAll(/'train_\w+': '[\d.]+'|[\d.]+it\/s/g, '');
      const plain = await runPython(python, script, { folder: 'wild' });
      const { run, log: _, ...watched } = await watch(python, script, { folder: 'wild', budget: 100 });
      expect([result(watched.stdout), watched.code]).toEqual([result(plain.stdout), 0]);
      expect(result(watched.stderr)).toBe(result(plain.stderr));
      expect(watched.stdout).toMatch(/^weights [0-9a-f]{64}/m);
      expect(run.notes).toEqual([]);
      expect(run).toMatchObject({ stepCount: steps, end: { ended: 'completed' } });
      expect([run.parameters[0].name, run.layers[0].type]).toEqual(first);
      // where the user's own text makes it, though a library's does so in between
      expect(run.layers.filter(({ site }) => !site?.file.endsWith(script))).toEqual([]);
      expect(run.parameters.filter(({ id }) => run.stepsOf(id) !== steps)).toEqual([]);
      expect(diagnose(run).map(({ id, evidence }) => `${id}: ${evidence}`)).toEqual([]);
    });
  });
}
