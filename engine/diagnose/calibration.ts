import { CONFIDENCES } from './confidences.ts';
import type { Finding, Symptom } from './finding.ts';

/** The kinds that a symptom is of, from all of them to its own: `''`, `id`, `id/cause`, `id/cause/strength`. */
export function kindsOf({ id, cause, strength }: Pick<Symptom, 'id' | 'cause' | 'strength'>): string[] {
  return ['', id, `${id}/${cause}`, `${id}/${cause}/${strength}`];
}

/** Confidences are of causes. A run whose cause is called by a wrong name is hurt as a rule: only what is rarely right is no alarm. */
const RARELY = 0.4;

/** A symptom with how often one of its kind was right. */
export function calibrated({ strength, ...told }: Symptom): Finding {
  const kind = kindsOf({ ...told, strength }).findLast((one) => one in CONFIDENCES) ?? '';
  const confidence = CONFIDENCES[kind];
  const severity = told.severity === 'warning' && confidence < RARELY ? 'information' : told.severity;
  return { ...told, severity, confidence };
}

/** Right so rarely that it's no alarm. */
export const isSilenced = (symptom: Symptom): boolean =>
  symptom.severity !== 'information' && calibrated(symptom).severity === 'information';
