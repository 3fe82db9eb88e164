import { expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import type { Run } from '../../engine/run/run.ts';
import { runOf, site } from '../run/ranked.ts';

const found = (run: Run) => diagnose(run).filter(({ id }) => id === 'rank-disagreement');

test('a rank whose data was never scaled: it is named, and the first layer', () => {
  const [finding] = found(runOf({ outputs: [0.5, 1] }, { outputs: [8, 1] }));
  expect(finding).toMatchObject({ severity: 'warning', layers: ['0'], cause: 'different-data', site: site(1) });
  expect(finding.evidence).toMatch(
    /^The output of layer 0 has a standard deviation of 8\.\d+ on rank 1 and of 0\.\d+ on rank 0: 16\.?\d* times larger/,
  );
});

test('of three, it is the one that the two others outvote, be it rank 0', () => {
  const odd = { outputs: [1, 1], gradients: [1, 0.1] };
  const usual = { outputs: [1, 1], gradients: [1, 1] };
  const [finding] = found(runOf(odd, usual, usual));
  expect(finding).toMatchObject({ layers: ['1'], cause: 'different-gradients' });
  expect(finding.evidence).toMatch(/ on rank 0 and of .* on the other ranks: .*times smaller/);
});

test.each([
  ['ranks that agree', runOf({ outputs: [1, 2], gradients: [3, 1] }, { outputs: [1.5, 1.4], gradients: [2, 2] })],
  ['a run of one process', runOf({ outputs: [1, 2] })],
  ['too few steps', runOf({ outputs: [1, 1] }, { outputs: [100, 1], steps: 4 })],
  ['nothing measured', runOf({ outputs: [Number.NaN, 0] }, { outputs: [0, Number.NaN] })],
])('%s: nothing is said', (_what, run) => {
  expect(found(run)).toEqual([]);
});
