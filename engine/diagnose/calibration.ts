import { CONFIDENCES } from './confidences.ts';
import type { Finding, Symptom } from './finding.ts';

/** The kinds that a symptom is of, from all of them to its own: `''`, `id`, `id/cause`, `id/cause/strength`. */
export function kindsOf({ id, cause, strength }: Pick<Symptom, 'id' | 'cause' | 'strength'>): string[] {
  return ['', id, `${id}/${cause}`, `${id}/${cause}/${strength}`];
}

/** A symptom with how often one of its kind was right. What is more often wrong than right is no alarm. */
export function calibrated({ strength, ...told }: Symptom): Finding {
  const kind = kindsOf({ ...told, strength }).findLast((one) => one in CONFIDENCES) ?? '';
  const confidence = CONFIDENCES[kind];
  const severity = told.severity === 'warning' && confidence < 0.5 ? 'information' : told.severity;
  return { ...told, severity, confidence };
}
