import { describe, expect, test } from 'vitest';
import { calibrated, kindsOf } from '../../engine/diagnose/calibration.ts';
import { CONFIDENCES } from '../../engine/diagnose/confidences.ts';
import type { Strength } from '../../engine/diagnose/finding.ts';
import { rules } from '../../engine/diagnose/rules.ts';
import { alarmsOnceUnseen, confidencesOf, saidWithout } from '../bench/diagnosis/calibrate.ts';
import { bareFinding } from './bareFinding.ts';

/** Confidences are shares of right alarms, measured and not thought up. */

const finding = (cause: string, strength: Strength) => {
  const { confidence: _, ...told } = bareFinding({ id: 'loss-plateau', cause });
  return calibrated({ ...told, strength });
};

test('a finding has the confidence of its kind, else of what is more general', () => {
  const plateau = 'no-better-than-constant';
  expect(finding(plateau, 'weak').confidence).toBe(CONFIDENCES[`loss-plateau/${plateau}/weak`]);
  expect(finding(plateau, 'strong').confidence).toBe(CONFIDENCES[`loss-plateau/${plateau}`]);
  expect(finding('of an unknown cause', 'weak').confidence).toBe(CONFIDENCES['loss-plateau']);
});

test('all kinds are those of rules that there are, and none is certain', () => {
  const ids = new Set<string>(rules.map(({ id }) => id));
  for (const [kind, confidence] of Object.entries(CONFIDENCES)) {
    if (kind) expect(ids).toContain(kind.split('/')[0]);
    expect(confidence).toBeLessThan(1);
    expect(confidence).toBeGreaterThan(0);
  }
});

describe('confidences of alarms', () => {
  const alarm = (program: string, cause: string, right: boolean, weight = 1) => ({
    program,
    right,
    weight,
    kinds: kindsOf({ id: 'loss-plateau', cause, strength: 'usual' }),
  });

  test('a program counts as one, however many alarms it has', () => {
    const alarms = [...Array.from({ length: 9 }, () => alarm('a', 'x', true)), alarm('b', 'x', false)];
    expect(confidencesOf(alarms, 2).get('')).toBeCloseTo(0.5);
  });

  test('a kind is drawn towards what the others of the more general one have', () => {
    const alarms = [alarm('a', 'x', true), alarm('b', 'x', true), alarm('a', 'y', false)];
    const told = confidencesOf(alarms, 2);
    // without x, nothing is right; two programs for, and two programs' worth against
    expect(told.get('loss-plateau/x')).toBeCloseTo((2 + 2 * told0(alarms)) / 4);
  });

  /** What is said of y alone, at the same level. */
  const told0 = (alarms: ReturnType<typeof alarm>[]) =>
    confidencesOf(
      alarms.filter(({ kinds }) => kinds[2] === 'loss-plateau/y'),
      2,
    ).get('loss-plateau') as number;

  test('what once was unseen counts half', () => {
    const alarms = [alarm('a', 'x', true), alarm('b', 'x', false, 0.5)];
    expect(confidencesOf(alarms, 2).get('')).toBeCloseTo(1 / 1.5);
  });

  test('of a program that is left out nothing is known', () => {
    const alarms = [alarm('a', 'x', true), alarm('b', 'x', false)];
    const [a, b] = saidWithout(alarms, 2);
    expect(a.said).toBeLessThan(0.5);
    expect(b.said).toBeGreaterThan(0.5);
  });

  test('those that once were unseen are there, right and wrong', () => {
    const alarms = alarmsOnceUnseen();
    expect(alarms.filter(({ right }) => right).length).toBe(1561);
    expect(alarms.length).toBe(1818);
  });
});
