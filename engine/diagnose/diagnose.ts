import type { Run } from '../run/run.ts';
import { calibrated, isSilenced } from './calibration.ts';
import { flourishes, seemsWell } from './evidence/progress.ts';
import type { Finding, FindingId, Symptom } from './finding.ts';
import { STEPS_TO_SETTLE, SURE } from './life.ts';
import type { Rule } from './rule.ts';
import { rules } from './rules.ts';

/** Whether a rule's finding isn't told where there is one of another's. Of two that give way to each other, the first is told. */
export const givesWay = (rule: Rule, other: Rule): boolean =>
  (rule.yieldsTo?.includes(other.id) ?? false) &&
  !(other.yieldsTo?.includes(rule.id) && rules.indexOf(rule) < rules.indexOf(other));

/** What is wrong with a run, as far as it has gone; nothing at all when nothing is. */
export const diagnose = (run: Run): Finding[] => examine(run).map(calibrated);

/** The same, without how sure it is. */
export function examine(run: Run): Symptom[] {
  const found = new Map<FindingId, Found>();
  const well = flourishes(run);
  for (const rule of rules) {
    if (run.stepCount < rule.needs.steps || found.has(rule.id)) continue;
    const symptom = rule.examine(run);
    if (symptom)
      found.set(rule.id, {
        rule,
        symptom: rule.regardless && well ? { ...symptom, severity: 'information' } : symptom,
      });
  }
  // What is said by the way explains no alarm.
  const explained = (one: Found, by: Found): boolean =>
    !isSilenced(by.symptom) &&
    (givesWay(one.rule, by.rule) || (one.rule.followsFrom?.includes(by.rule.id) === true && showedBefore(by, one)));
  return told([...found.values()], explained).map(({ symptom }) => symptom);
}

/** The steps that a finding's rule needs to tell it: the one that tells it of this run, or where none does, the one that needs most. */
export function stepsNeeded(id: FindingId, run: Run): number {
  const own = rules.filter((rule) => rule.id === id);
  const telling = own.find((rule) => run.stepCount >= rule.needs.steps && rule.examine(run) !== null);
  return Math.max(0, ...(telling ? [telling] : own).map(({ needs }) => needs.steps));
}

interface Found {
  readonly rule: Rule;
  readonly symptom: Symptom;
}

/** At the same step, what is more fundamental was there first. */
const showedBefore = (one: Found, other: Found): boolean =>
  one.symptom.step < other.symptom.step ||
  (one.symptom.step === other.symptom.step && rules.indexOf(one.rule) < rules.indexOf(other.rule));

/**
 * What nothing that is told explains. What isn't told explains nothing, so that of three that explain each other in a ring
 * one is left: the first of the table, as in the grounded extension of arguments that attack each other (Dung 1995).
 */
function told(found: readonly Found[], explained: (one: Found, by: Found) => boolean): Found[] {
  const kept = new Set<Found>();
  let open = found;
  while (open.length > 0) {
    const free = open.filter((one) => !open.some((other) => other !== one && explained(one, other)));
    for (const one of free.length > 0 ? free : open.slice(0, 1)) kept.add(one);
    open = open.filter((one) => !kept.has(one) && ![...kept].some((other) => explained(one, other)));
  }
  return found.filter((one) => kept.has(one));
}

/** So many steps without a finding are taken for health; fewer after a minute, or where the model has learned well. */
const HEALTHY_STEPS = 200;
const HEALTHY_STEPS_WHEN_LEARNED = 60;
const HEALTHY_STEPS_WHEN_SLOW = 20;
const SLOW_SECONDS = 60;

/** True once going on would not change the verdict. */
export function isSettled(run: Run, findings: readonly Finding[]): boolean {
  if (run.stepCount >= HEALTHY_STEPS) return true;
  if (findings.length === 0) {
    if (run.stepCount >= HEALTHY_STEPS_WHEN_LEARNED && seemsWell(run)) return true;
    return run.seconds >= SLOW_SECONDS && run.stepCount >= HEALTHY_STEPS_WHEN_SLOW;
  }
  return findings.every(
    ({ id, confidence, step }) =>
      id === 'non-finite' || (confidence >= SURE && run.stepCount - step >= STEPS_TO_SETTLE),
  );
}
