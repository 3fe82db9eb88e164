import type { FrameKind } from '../run/frame.ts';
import type { Run } from '../run/run.ts';
import type { ActivationStatistic, ParameterStatistic } from '../run/statistics.ts';
import type { FindingId, Symptom } from './finding.ts';

/** One symptom and how it's recognised: a pure function of a run. */
export interface Rule {
  readonly id: FindingId;
  /** Where the criterion comes from. */
  readonly source: string;
  /** What must have been recorded, and at how many steps at the least; without it the rule says nothing. */
  readonly needs: {
    readonly facts: readonly (ParameterStatistic | ActivationStatistic | FrameKind | 'loss-of-step')[];
    readonly steps: number;
  };
  /** Findings that explain this one: where there is one of them, this one isn't told. */
  readonly yieldsTo?: readonly FindingId[];
  /** Findings that explain this one where they showed at an earlier step: what came after is their consequence. */
  readonly followsFrom?: readonly FindingId[];
  /**
   * It's decided by how the script is written, not by what becomes of it: where the model learns well all the same, it's
   * told for information. (A wrong derivative stays an error: it makes every result that has been learned with it doubtful.)
   */
  readonly regardless?: true;
  examine(run: Run): Symptom | null;
}
