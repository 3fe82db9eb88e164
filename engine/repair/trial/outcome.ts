import { diagnose } from '../../diagnose/diagnose.ts';
import { isAdversarial } from '../../diagnose/evidence/adversarial.ts';
import { won } from '../../diagnose/evidence/course.ts';
import { learned } from '../../diagnose/evidence/learned.ts';
import type { Finding, FindingId } from '../../diagnose/finding.ts';
import type { Run } from '../../run/run.ts';

/** How one run of a trial ended. */
export interface Outcome {
  readonly seed: number;
  /** The finding is gone, nothing as bad came in its place, and the script ran. */
  readonly cured: boolean;
  /** Mean of the last steps; NaN if there were none, Infinity if it isn't finite. */
  readonly loss: number;
  /**
   * What has been learned of what can be, 0 as long as a constant answer scores as well; the share of the first loss
   * that was won, where that can't be told; NaN where losses tell nothing, as in adversarial training.
   */
  readonly learned: number;
  /** The run was ended early, because the finding stood: its loss is that of fewer steps than the others'. */
  readonly early: boolean;
  readonly steps: number;
  /** The script's own error. */
  readonly error: string | null;
}

/** So sure, and for so many steps, a finding no longer goes away by itself. As in the diagnosis. */
const SURE = 0.8;
const STEPS_OF_FINDING = 20;
const LAST_STEPS = 10;

/** What a run that is over says of a finding. `known`: what was found in the script as it is. */
export function outcomeOf(run: Run, seed: number, id: FindingId, known: ReadonlySet<FindingId>): Outcome {
  const findings = diagnose(run);
  const early = run.end?.ended === 'settled';
  // what stands from the very first operation on ends a run before its first step
  const failed = run.end?.ended === 'failed' || (run.stepCount === 0 && !early);
  const error = failed ? (run.error?.message ?? run.end?.message ?? 'it took no step') : null;
  const worse = findings.some((finding) => finding.severity === 'error' && !known.has(finding.id));
  const there = findings.some((finding) => finding.id === id);
  const cured = !failed && !there && !worse;
  return { seed, cured, loss: lossOf(run), learned: learnedBy(run), early, steps: run.stepCount, error };
}

function learnedBy(run: Run): number {
  if (isAdversarial(run)) return Number.NaN;
  if (!Number.isFinite(lossOf(run))) return Number.NEGATIVE_INFINITY;
  return Number.isNaN(learned(run)) ? won(run) : learned(run);
}

/** Whether the finding is there to stay. */
export const stands = (run: Run, findings: readonly Finding[], wanted: FindingId): boolean =>
  findings.some(
    ({ id, confidence, step }) =>
      id === wanted && (id === 'non-finite' || (confidence >= SURE && run.stepCount - step >= STEPS_OF_FINDING)),
  );

function lossOf(run: Run): number {
  const losses = run.history.steps.slice(-LAST_STEPS).map(({ loss }) => loss);
  if (losses.length === 0) return Number.NaN;
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  return Number.isFinite(mean) ? mean : Infinity;
}
