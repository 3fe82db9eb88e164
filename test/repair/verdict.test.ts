import { describe, expect, test } from 'vitest';
import { rules } from '../../engine/diagnose/rules.ts';
import type { Outcome } from '../../engine/repair/trial/outcome.ts';
import { stepsOf } from '../../engine/repair/trial/trial.ts';
import { isDecided, judge, ranked, type TriedProposal } from '../../engine/repair/trial/verdict.ts';

/** Outcomes by a letter each: cured, or not. */
const runs = (told: string, loss = 1): Outcome[] =>
  [...told].map((letter, i) => ({ seed: i + 1, cured: letter === 'c', loss, early: false, steps: 100, error: null }));

const judged = (remedy: string, nothing: string, random: string) =>
  judge(runs(remedy), { nothing: runs(nothing), random: runs(random) }, nothing.length);

describe('what is said of a remedy', () => {
  test('proven against both controls, or not', () => {
    expect(judged('ccc', '---', '---')).toMatchObject({ verdict: 'proven', cured: 3, note: null });
    expect(judged('ccc-c', '-----', '-----')).toMatchObject({ verdict: 'proven' });
    expect(judged('ccccc', '-----', 'cc---')).toMatchObject({ verdict: 'proven', random: 2 });
    expect(judged('ccccc', '-----', 'ccc--')).toMatchObject({ verdict: 'untried' });
    expect(judged('cc---', '-----', '-----')).toMatchObject({ verdict: 'did-not-help' });
    expect(judged('-', '---', '---')).toMatchObject({ verdict: 'did-not-help', seeds: 1 });
  });

  test('of so few seeds that none could be proven, it isn’t said that it did not help', () => {
    expect(judged('cc', '--', '--')).toMatchObject({
      verdict: 'untried',
      cured: 2,
      note: expect.stringMatching(/takes 3/),
    });
    expect(judged('--', '--', '--')).toMatchObject({ verdict: 'did-not-help', note: null });
  });

  test('where the finding goes away by itself, nothing can be proven', () => {
    const trial = judged('', 'cccc-', '-----');
    expect(trial).toMatchObject({ verdict: 'untried', p: null, note: expect.stringMatching(/by itself in 4 of 5/) });
  });

  test('a cure that costs a worse loss is no proof', () => {
    const controls = { nothing: runs('-----', 1), random: runs('-----', 1) };
    expect(judge(runs('ccccc', 1.04), controls, 5).verdict).toBe('proven');
    expect(judge(runs('ccccc', 1.2), controls, 5)).toMatchObject({
      verdict: 'did-not-help',
      note: 'the finding is gone, but the loss is worse: 1.2 instead of 1',
    });
    // of what isn't finite, any finite loss is better
    expect(judge(runs('ccccc', 1e9), { ...controls, nothing: runs('-----', Infinity) }, 5).verdict).toBe('proven');
    expect(judge(runs('ccccc', Number.NaN), controls, 5).verdict).toBe('did-not-help');
  });
});

test('the median of the last losses is told, but for runs that were all ended early', () => {
  const of = (...losses: number[]) => runs('c'.repeat(losses.length)).map((run, i) => ({ ...run, loss: losses[i] }));
  const controls = { nothing: of(3, 9, 5).map((run) => ({ ...run, cured: false })), random: runs('---') };
  expect(judge(of(0.2, 7, 0.1), controls, 3)).toMatchObject({ controlSeeds: 3, loss: { remedy: 0.2, control: 5 } });
  const early = of(0.2, 7, 0.1).map((run) => ({ ...run, cured: false, early: true }));
  expect(judge(early, controls, 3).loss).toEqual({ remedy: Number.NaN, control: 5 });
  expect(JSON.parse(JSON.stringify(judge(early, controls, 3))).loss).toEqual({ remedy: null, control: 5 });
});

test('a remedy is decided once its further seeds can’t prove it, but never before the controls are', () => {
  const controls = { nothing: runs('---'), random: runs('---') };
  expect(isDecided(runs('-'), controls, 3)).toBe(true);
  expect(isDecided(runs('c'), controls, 3)).toBe(false);
  expect(isDecided(runs('-'), { ...controls, random: runs('--') }, 3)).toBe(false);
  expect(isDecided(runs('-'), { nothing: runs('-----'), random: runs('-----') }, 5)).toBe(false);
  expect(isDecided([], { nothing: runs('ccc'), random: runs('---') }, 3)).toBe(true);
  expect(isDecided(runs('-'), { nothing: runs('--'), random: runs('--') }, 2)).toBe(false);
});

test('ranked by proof, then by orders of magnitude of the loss, then by size', () => {
  const controls = { nothing: runs('-----'), random: runs('-----') };
  const tried = (id: string, told: string, size: number, loss = 1): TriedProposal => ({
    id,
    title: id,
    reason: null,
    edit: { changes: [], texts: new Map(), size },
    trial: judge(runs(told, loss), controls, 5),
  });
  const all = [
    tried('helps none', '-', 1),
    tried('large', 'ccccc', 90),
    tried('less sure', 'cccc-', 5),
    tried('small', 'ccccc', 10),
    tried('far lower loss', 'ccccc', 99, 0.001),
  ];
  expect(ranked(all).map(({ id }) => id)).toEqual(['far lower loss', 'small', 'large', 'less sure', 'helps none']);
});

test('a run of a trial is long enough for the finding’s rule to speak', () => {
  const run = { end: null, stepCount: 400 };
  expect(stepsOf({ id: 'vanishing-gradient', step: 3 }, run)).toBe(100);
  expect(stepsOf({ id: 'vanishing-gradient', step: 90 }, run)).toBe(220);
  const needed = Math.max(...rules.flatMap(({ id, needs }) => (id === 'loss-plateau' ? [needs.steps] : [])));
  expect(needed).toBeGreaterThan(100);
  expect(stepsOf({ id: 'loss-plateau', step: 0 }, run)).toBe(2 * (needed + 20));
  const ended = { ended: 'completed' as const, message: null, exitCode: 0, site: null };
  expect(stepsOf({ id: 'loss-plateau', step: 0 }, { end: { kind: 'end', time: 0, ...ended }, stepCount: 240 })).toBe(
    240,
  );
});
