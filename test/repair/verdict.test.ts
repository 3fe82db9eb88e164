import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../engine/repair/trial/outcome.ts';
import { stepsOf } from '../../engine/repair/trial/trial.ts';
import { isDecided, judge, type Question, ranked, type TriedProposal } from '../../engine/repair/trial/verdict.ts';

/** Outcomes by a letter each: cured, or not. */
const runs = (told: string, loss = 1, learned = 0.5): Outcome[] =>
  [...told].map((letter, i) => ({
    seed: i + 1,
    cured: letter === 'c',
    loss,
    learned,
    early: false,
    steps: 100,
    error: null,
  }));

const of = (seeds: number): Question => ({ finding: 'exploding-gradient', seeds });

const judged = (remedy: string, nothing: string, random: string) =>
  judge(runs(remedy), { nothing: runs(nothing), random: runs(random) }, of(nothing.length));

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
    expect(judge(runs('ccccc', 1.04), controls, of(5)).verdict).toBe('proven');
    expect(judge(runs('ccccc', 1.2), controls, of(5))).toMatchObject({
      verdict: 'did-not-help',
      note: 'the finding is gone, but the loss is worse: 1.2 instead of 1',
    });
    // of what isn't finite, any finite loss is better
    expect(judge(runs('ccccc', 1e9), { ...controls, nothing: runs('-----', Infinity) }, of(5)).verdict).toBe('proven');
    expect(judge(runs('ccccc', Number.NaN), controls, of(5)).verdict).toBe('did-not-help');
  });
});

test('of a remedy after which the loss measures another thing, it counts what is learned', () => {
  const question: Question = { ...of(5), finding: 'wrong-loss-scale', redefinesLoss: true };
  const controls = { nothing: runs('-----', -10, -3), random: runs('-----', -10, -3) };
  expect(judge(runs('ccccc', 0.9, 0.4), controls, question)).toMatchObject({ verdict: 'proven', note: null });
  expect(judge(runs('ccccc', 0.9, 0.4), controls, { ...question, redefinesLoss: false }).verdict).toBe('did-not-help');
  expect(judge(runs('ccccc', 1.4, 0), controls, question)).toMatchObject({
    verdict: 'no-better',
    note: 'the finding is gone, but the model hardly learns: the loss is 1.4 in the end',
  });
  expect(isDecided(runs('c', 0.9, 0.4), controls, question)).toBe(false);
});

describe('where the script as it is doesn’t learn', () => {
  const ends = (told: string, learned: number, ...losses: number[]) =>
    runs(told, 0, learned).map((run, i) => ({ ...run, loss: losses[i] }));
  // a network with one answer for everything
  const nothing = ends('-----', 0, 0.7101, 0.7102, 0.7105, 0.7101, 0.7103);
  const controls = { nothing, random: ends('-----', 0, 0.7103, 0.7101, 0.7104, 0.7101, 0.7102) };

  test('a cure after which it learns no better is none', () => {
    // lower in every single seed, and by nothing
    const chance = ends('ccccc', 0.0003, 0.71, 0.7099, 0.71, 0.7098, 0.71);
    expect(judge(chance, controls, of(5))).toMatchObject({
      verdict: 'no-better',
      cured: 5,
      note: 'the finding is gone, but the model hardly learns: the loss is 0.71 in the end',
    });
    const luckyOnce = ends('ccccc', 0.2, 0.71, 0.7099, 0.3, 0.71, 0.71);
    expect(judge(luckyOnce, controls, of(5))).toMatchObject({
      verdict: 'no-better',
      note: 'the finding is gone, but the loss is no better: 0.71 instead of 0.71',
    });
    // all seeds are run that could still show it, and no more
    const still = ends('cc', 0, 0.7102, 0.7103);
    expect(isDecided(still.slice(0, 1), controls, of(5))).toBe(false);
    expect(isDecided(still, controls, of(5))).toBe(true);
  });

  test('one after which it learns in every seed, or in all but one, is proven; p is that of the losses', () => {
    const learns = judge(ends('ccccc', 0.6, 0.3, 0.2, 0.35, 0.4, 0.25), controls, of(5));
    expect(learns).toMatchObject({ verdict: 'proven', note: null });
    expect(learns.p).toBeCloseTo(1 / 252, 12);
    expect(judge(ends('ccccc', 0.6, 0.3, 0.2, 0.35, 0.4, 0.7102), controls, of(5)).verdict).toBe('proven');
    expect(judge(ends('ccccc', 0.6, 0.3, 0.2, 0.35, 0.72, 0.72), controls, of(5)).verdict).not.toBe('proven');
  });

  test('both controls have to be beaten', () => {
    const other = { nothing, random: ends('-----', 0.6, 0.3, 0.2, 0.35, 0.4, 0.25) };
    expect(judge(ends('ccccc', 0.6, 0.31, 0.22, 0.33, 0.41, 0.24), other, of(5)).verdict).toBe('no-better');
  });

  test('to be finite again isn’t to learn', () => {
    const broken = { nothing: runs('-----', Infinity, -Infinity), random: runs('-----', Infinity, -Infinity) };
    expect(judge(runs('ccccc', 0.71, 0), broken, of(5)).verdict).toBe('no-better');
    expect(judge(runs('ccccc', 0.3, 0.6), broken, of(5)).verdict).toBe('proven');
  });

  test('where losses aren’t finite, cures by runs that have learned are proof, though a control has one by chance', () => {
    const broken = ends('-----', Number.NEGATIVE_INFINITY, ...Array(5).fill(Infinity));
    const lucky = [...broken.slice(1), ...ends('c', 0.5, 0.19)];
    const chance = { nothing: broken, random: lucky };
    const learns = ends('ccccc', 0.5, 0.21, 0.2, 0.207, 0.2, 0.21);
    expect(judge(learns, chance, of(5))).toMatchObject({ verdict: 'proven', cured: 5, random: 1, note: null });
    expect(judge(learns, { nothing: lucky, random: broken }, of(5)).verdict).toBe('proven');
    // the finding is gone, and nothing is learned
    expect(judge(ends('ccccc', 0, 0.7, 0.7, 0.7, 0.7, 0.7), chance, of(5)).verdict).toBe('no-better');
    // as good as that random change
    const chances = { nothing: broken, random: ends('--ccc', 0.5, Infinity, Infinity, 0.19, 0.19, 0.19) };
    expect(judge(learns, chances, of(5)).verdict).not.toBe('proven');
    expect(isDecided(learns.slice(0, 2), chance, of(5))).toBe(false);
  });

  test('where losses tell nothing, as in adversarial training, nothing is asked of them', () => {
    const unknown = { nothing: runs('-----', 1, Number.NaN), random: runs('-----', 1, Number.NaN) };
    expect(judge(runs('ccccc', 1, Number.NaN), unknown, of(5)).verdict).toBe('proven');
    expect(judge(runs('ccccc', 1.3, Number.NaN), unknown, of(5)).verdict).toBe('proven');
  });
});

test('a finding that means that little is learned asks for a lower loss in any case', () => {
  const controls = { nothing: runs('-----', 0.5, 0.3), random: runs('-----', 0.5, 0.3) };
  const plateau: Question = { finding: 'loss-plateau', seeds: 5 };
  expect(judge(runs('ccccc', 0.49, 0.3), controls, plateau).verdict).toBe('no-better');
  expect(judge(runs('ccccc', 0.3, 0.6), controls, plateau).verdict).toBe('proven');
  expect(judge(runs('ccccc', 0.49, 0.3), controls, of(5)).verdict).toBe('proven');
});

test('the median of the last losses is told, but for runs that were all ended early', () => {
  const ending = (...losses: number[]) =>
    runs('c'.repeat(losses.length)).map((run, i) => ({ ...run, loss: losses[i] }));
  const uncured = (run: Outcome) => ({ ...run, cured: false });
  const controls = { nothing: ending(3, 9, 5).map(uncured), random: ending(4, 8, 2).map(uncured) };
  expect(judge(ending(0.2, 7, 0.1), controls, of(3))).toMatchObject({
    controlSeeds: 3,
    loss: { remedy: 0.2, control: 5, random: 4 },
  });
  const early = ending(0.2, 7, 0.1).map((run) => ({ ...run, cured: false, early: true }));
  expect(judge(early, controls, of(3)).loss).toEqual({ remedy: Number.NaN, control: 5, random: 4 });
  expect(JSON.parse(JSON.stringify(judge(early, controls, of(3)))).loss).toEqual({
    remedy: null,
    control: 5,
    random: 4,
  });
});

test('a remedy is decided once its further seeds can’t prove it, but never before the controls are', () => {
  const controls = { nothing: runs('---'), random: runs('---') };
  expect(isDecided(runs('-'), controls, of(3))).toBe(true);
  expect(isDecided(runs('c'), controls, of(3))).toBe(false);
  expect(isDecided(runs('-'), { ...controls, random: runs('--') }, of(3))).toBe(false);
  expect(isDecided(runs('-'), { nothing: runs('-----'), random: runs('-----') }, of(5))).toBe(false);
  expect(isDecided([], { nothing: runs('ccc'), random: runs('---') }, of(3))).toBe(true);
  expect(isDecided(runs('-'), { nothing: runs('--'), random: runs('--') }, of(2))).toBe(false);
});

test('ranked by proof, then by orders of magnitude of the loss, then by size', () => {
  const controls = { nothing: runs('-----'), random: runs('-----') };
  const tried = (id: string, told: string, size: number, loss = 1): TriedProposal => ({
    id,
    title: id,
    reason: null,
    edit: { changes: [], texts: new Map(), size },
    trial: judge(runs(told, loss), controls, of(5)),
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
  expect(stepsOf({ step: 3 }, run, 5)).toBe(100);
  expect(stepsOf({ step: 90 }, run, 5)).toBe(220);
  expect(stepsOf({ step: 0 }, run, 150)).toBe(340);
  const ended = { ended: 'completed' as const, message: null, exitCode: 0, site: null };
  expect(stepsOf({ step: 0 }, { end: { kind: 'end', time: 0, ...ended }, stepCount: 240 }, 150)).toBe(240);
});

test('a control whose finding goes away and that still learns nothing is not cured by itself', () => {
  const still = (told: string) => runs(told, 2.3, 0);
  const controls = { nothing: still('ccc--'), random: still('cc---') };
  expect(judge(runs('ccccc', 0.2, 0.9), controls, of(5))).toMatchObject({ verdict: 'proven', control: 3, random: 2 });
  expect(judge(still('ccccc'), controls, of(5)).verdict).not.toBe('proven');
  // decided before its last seeds, it's told what it did
  expect(judge(still('ccc'), controls, of(5))).toMatchObject({
    verdict: 'no-better',
    note: expect.stringMatching(/hardly learns/),
  });
  // what learns by itself is
  const learning = { nothing: runs('cccc-', 0.2, 0.9), random: still('-----') };
  expect(judge(runs('ccccc', 0.2, 0.9), learning, of(5)).note).toMatch(/by itself in 4 of 5/);
});
