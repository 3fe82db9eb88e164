import { CONFIDENCES } from './confidences.ts';
import type { Finding, Symptom } from './finding.ts';

/** The kinds that a symptom is of, from all of them to its own: `''`, `id`, `id/cause`, `id/cause/strength`. */
export function kindsOf({ id, cause, strength }: Pick<Symptom, 'id' | 'cause' | 'strength'>): string[] {
  return ['', id, `${id}/${cause}`, `${id}/${cause}/${strength}`];
}

/** A symptom with how often one of its kind was right. */
export function calibrated({ strength, ...told }: Symptom): Finding {
  const kind = kindsOf({ ...told, strength }).findLast((one) => one in CONFIDENCES) ?? '';
  return { ...told, confidence: CONFIDENCES[kind] };
}
