import { CONFIDENCES } from './confidences.ts';
import type { Finding } from './finding.ts';

/** How strong a rule finds its own evidence. */
export type Strength = 'weak' | 'usual' | 'strong';

const STRONG = 0.94;
const USUAL = 0.8;

const strengthOf = (confidence: number): Strength =>
  confidence >= STRONG ? 'strong' : confidence >= USUAL ? 'usual' : 'weak';

/** The kinds that a finding is of, from all findings to its own: `''`, `id`, `id/cause`, `id/cause/strength`. */
export function kindsOf({ id, cause, confidence }: Pick<Finding, 'id' | 'cause' | 'confidence'>): string[] {
  return ['', id, `${id}/${cause}`, `${id}/${cause}/${strengthOf(confidence)}`];
}

/** A finding with how often one of its kind was right, for what its rule thinks of its own evidence. */
export function calibrated(finding: Finding): Finding {
  const kind = kindsOf(finding).findLast((one) => one in CONFIDENCES) ?? '';
  return { ...finding, confidence: CONFIDENCES[kind] };
}
