import { expect, test } from 'vitest';
import type { Finding, FindingId } from '../../engine/diagnose/finding.ts';
import { FindingLives } from '../../engine/diagnose/life.ts';
import { rules } from '../../engine/diagnose/rules.ts';
import { Run } from '../../engine/run/run.ts';
import { step } from '../run/frames.ts';
import { bareFinding } from './bareFinding.ts';

const finding = (id: FindingId, confidence: number): Finding => bareFinding({ id, confidence });

/** The stages of one finding where it shows at the steps that `shows` says. */
function stages(shows: (step: number) => boolean, told: Finding, steps = 60): string[] {
  const run = new Run();
  const lives = new FindingLives();
  const seen: string[] = [];
  for (let i = 0; i < steps; i++) {
    run.apply(step(i));
    const [life] = lives.follow(run, shows(i) ? [told] : []);
    const stage = life?.stage ?? 'none';
    if (seen.at(-1)?.split(' ')[1] !== stage) seen.push(`${i} ${stage}`);
  }
  return seen;
}

test('a finding is suspected, confirmed, settled', () => {
  expect(stages((i) => i >= 3, finding('dead-units', 0.9))).toEqual([
    '0 none',
    '3 suspected',
    '8 confirmed',
    '23 settled',
  ]);
});

test('a transient is forgotten', () => {
  expect(stages((i) => i < 4, finding('dead-units', 0.9))).toEqual(['0 suspected', '4 none']);
});

test('what isn’t sure stays a suspicion', () => {
  expect(stages(() => true, finding('loss-plateau', 0.6))).toEqual(['0 suspected']);
});

test('what is decided needs no confirmation', () => {
  expect(stages(() => true, finding('missing-zero-grad', 1))).toEqual(['0 confirmed', '20 settled']);
  expect(stages(() => true, finding('non-finite', 1))).toEqual(['0 settled']);
});

test('of a run that has ended, what showed long enough ago is settled at once', () => {
  const run = new Run();
  for (let i = 0; i < 60; i++) run.apply(step(i));
  run.apply({ kind: 'end', ended: 'completed', exitCode: 0, message: null, site: null, time: 1 });
  const told = [finding('dead-units', 0.9), { ...finding('loss-plateau', 0.9), step: 50 }];
  expect(new FindingLives().follow(run, told).map(({ stage }) => stage)).toEqual(['settled', 'confirmed']);
});

test('those that are cured come last', () => {
  const run = new Run();
  const lives = new FindingLives();
  const [first, second] = [finding('missing-zero-grad', 1), finding('dead-units', 1)];
  for (let i = 0; i < 40; i++) {
    run.apply(step(i));
    lives.follow(run, i < 20 ? [first, second] : [second]);
  }
  expect(lives.follow(run, [second]).map(({ finding: { id }, stage }) => [id, stage])).toEqual([
    ['dead-units', 'settled'],
    ['missing-zero-grad', 'cured'],
  ]);
});

test('a cure, and a relapse', () => {
  const shows = (i: number) => i < 10 || i >= 40;
  expect(stages(shows, finding('dead-units', 0.9))).toEqual(['0 suspected', '5 confirmed', '19 cured', '40 recurring']);
});

test('every rule says where its criterion comes from and what it needs, and none waits for itself', () => {
  for (const { id, source, needs, yieldsTo } of rules) {
    expect(source.length, id).toBeGreaterThan(10);
    expect(needs.facts.length, id).toBeGreaterThan(0);
    expect(yieldsTo ?? [], id).not.toContain(id);
  }
});
