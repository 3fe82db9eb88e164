import type { Finding } from '../../diagnose/finding.ts';
import type { Run } from '../../run/run.ts';

export const FOUND_NOTHING = 0;
export const FOUND_SOMETHING = 1;
export const SCRIPT_FAILED = 2;
/** As in BSD's sysexits: EX_USAGE. */
export const WRONG_USAGE = 64;

/** As a shell says of what Ctrl-C has ended: 128 and the signal's number. */
export const INTERRUPTED = 130;

/** The exit status of a run: its script's failure counts before its findings. */
export function statusOf(run: Run, findings: readonly Finding[]): number {
  if (run.end?.ended === 'failed') return SCRIPT_FAILED;
  return findings.some(({ severity }) => severity !== 'information') ? FOUND_SOMETHING : FOUND_NOTHING;
}
