import { diagnose } from '../../diagnose/diagnose.ts';
import type { Finding, FindingId } from '../../diagnose/finding.ts';
import { type LaunchOptions, launch } from '../../host/launch.ts';
import type { Run } from '../../run/run.ts';

/** How one run of a trial ended. */
export interface Outcome {
  readonly seed: number;
  /** The finding is gone, nothing as bad came in its place, and the script ran. */
  readonly cured: boolean;
  /** Mean of the last steps; NaN if there were none, Infinity if it isn't finite. */
  readonly loss: number;
  readonly steps: number;
  /** The script's own error. */
  readonly error: string | null;
}

export interface RunOptions extends LaunchOptions {
  readonly seed: number;
  readonly steps: number;
  readonly signal: AbortSignal;
  /** Ends the run as soon as the finding stands. */
  readonly untilFound: boolean;
}

/** So sure, and for so many steps, a finding no longer goes away by itself. As in the diagnosis. */
const SURE = 0.8;
const STEPS_OF_FINDING = 20;
const DIAGNOSE_EVERY = 100;
/** No run of a trial takes longer, in milliseconds. */
const LONGEST = 120_000;
const LAST_STEPS = 10;

/** Runs a script once and says whether the finding is there. Never leaves a process behind. */
export async function runOnce(id: FindingId, known: ReadonlySet<FindingId>, options: RunOptions): Promise<Outcome> {
  const { seed, signal, untilFound } = options;
  signal.throwIfAborted();
  // as many runs as pay are under way at once
  const live = await launch({ ...options, threads: 1 });
  const { run } = live;
  const stop = () => void live.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const longest = setTimeout(stop, LONGEST);
  const timer = setInterval(() => {
    if (untilFound && stands(run, diagnose(run), id)) void live.stop('settled');
  }, DIAGNOSE_EVERY);
  await live.ended;
  clearTimeout(longest);
  clearInterval(timer);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  const findings = diagnose(run);
  const failed = run.end?.ended === 'failed' || run.stepCount === 0;
  const error = failed ? (run.error?.message ?? run.end?.message ?? 'it took no step') : null;
  const worse = findings.some((finding) => finding.severity === 'error' && !known.has(finding.id));
  const there = findings.some((finding) => finding.id === id);
  return { seed, cured: !failed && !there && !worse, loss: lossOf(run), steps: run.stepCount, error };
}

const stands = (run: Run, findings: readonly Finding[], wanted: FindingId) =>
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
