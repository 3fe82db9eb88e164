import type { Change } from '../change.ts';

/**
 * One fault operator, of TheDeepChecker's, DeepFD's, DeepCrime's and AutoTrainer's kinds. What should be found holds for
 * the runs that it hurts.
 */
export interface Fault {
  /** Programs it is applied to. */
  readonly to: string;
  readonly change: Change;
  /** Causes that count as right: `finding-id`, or `finding-id/cause`. None where none is known to be told. */
  readonly causes: readonly string[];
  /** Lines that count as right; null where no one line is to blame. */
  readonly lines: RegExp | null;
  /** An edit of the source can cure it. */
  readonly repairable?: boolean;
}

export interface Faults {
  readonly [name: string]: Fault;
}
