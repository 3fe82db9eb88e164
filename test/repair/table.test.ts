import { expect, test } from 'vitest';
import type { Outcome } from '../../engine/repair/trial/outcome.ts';
import { trialTable } from '../../engine/repair/trial/table.ts';
import { judge, type TriedProposal, untried } from '../../engine/repair/trial/verdict.ts';

const runs = (cured: readonly boolean[], loss: number, early = false): Outcome[] =>
  cured.map((is, i) => ({ seed: i + 1, cured: is, loss, learned: 0.5, early, steps: 100, error: null }));

const ALL = [true, true, true, true, true];
const NONE = [false, false, false, false, false];

test('each remedy beside both controls, with the losses that a proof is about', () => {
  const controls = { nothing: runs(NONE, 0.6), random: runs(NONE, 0.7) };
  const tried = (title: string, outcomes: readonly Outcome[]): TriedProposal => ({
    id: title,
    title,
    reason: null,
    edit: { changes: [], texts: new Map(), size: 1 },
    trial: judge(outcomes, controls, { finding: 'exploding-gradient', seeds: 5 }),
  });
  const byHand = { id: 'c', title: 'Think', edit: null, reason: 'this is for a person to do' };
  const { heads, rows, notes, legend } = trialTable([
    tried('Normalize', runs(ALL, 0.00721)),
    tried('Clip', runs(ALL, 3)),
    tried('Wait', runs([false], 0.5, true)),
    untried(byHand, byHand.reason),
  ]);
  expect([heads, ...rows]).toEqual([
    ['remedy', 'verdict', 'cured', 'last loss', 'p'],
    ['Normalize', 'proven', '5 of 5', '0.00721', '9.8e−4'],
    ['Clip', 'tried, did not help', '5 of 5', '3', '9.8e−4'],
    ['Wait', 'tried, did not help', '0 of 1', '–', '1'],
    ['Think', 'untried', '–', '–', '–'],
    ['nothing changed', 'control', '0 of 5', '0.6', ''],
    ['a random innocent change', 'control', '0 of 5', '0.7', ''],
  ]);
  expect(notes).toEqual([
    'Clip: the finding is gone, but the loss is worse: 3 instead of 0.6.',
    'Think: this is for a person to do.',
  ]);
  expect(legend).toContain('no worse than with nothing changed');
});

test('without a trial there are no controls to show', () => {
  expect(trialTable([untried({ id: 'a', title: 'A', edit: null, reason: null }, null)]).rows).toHaveLength(1);
});
