import type { Run } from '../run/run.ts';
import type { Finding, FindingId } from './finding.ts';

/** One symptom and how it's recognised: a pure function of a run. */
export interface Rule {
  readonly id: FindingId;
  /** Where the criterion comes from. */
  readonly source: string;
  examine(run: Run): Finding | null;
}
