import type { Run } from '../run/run.ts';
import { calibrated } from './calibration.ts';
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
  const found = new Map<FindingId, { readonly rule: Rule; readonly symptom: Symptom }>();
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
  // At the same step, what is more fundamental was there first.
  const showedBefore = (id: FindingId, rule: Rule, step: number) => {
    const other = found.get(id);
    if (!other) return false;
    return (
      other.symptom.step < step || (other.symptom.step === step && rules.indexOf(other.rule) < rules.indexOf(rule))
    );
  };
  return [...found.values()]
    .filter(({ rule }) => ![...found.values()].some((other) => givesWay(rule, other.rule)))
    .filter(({ rule, symptom }) => !rule.followsFrom?.some((id) => showedBefore(id, rule, symptom.step)))
    .map(({ symptom }) => symptom);
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
