import type { Run } from '../run/run.ts';
import type { Finding, FindingId } from './finding.ts';

/**
 * How far a finding has come. Suspected: seen, and it may be a transient. Confirmed: sure, for some steps. Settled: for so
 * long that going on won't change it. Cured: it was confirmed and hasn't shown for some steps. Recurring: back after that.
 */
export type Stage = 'suspected' | 'confirmed' | 'settled' | 'cured' | 'recurring';

export interface LivingFinding {
  /** As it was told last. */
  readonly finding: Finding;
  readonly stage: Stage;
  /** Steps taken when it was told first (this time) and last. */
  readonly since: number;
  readonly seen: number;
}

/** So sure a finding must be, and for so many steps. */
export const SURE = 0.7;
const STEPS_TO_CONFIRM = 5;
export const STEPS_TO_SETTLE = 20;
/** What is decided rather than guessed needs no confirmation. */
const DECIDED = 0.92;
/** So many steps without it are a cure; a suspicion is forgotten as soon as it doesn't show. */
const STEPS_TO_CURE = 10;

/**
 * Follows findings while a run goes on. Call it whenever a run has been diagnosed; it may be as rarely as one likes. Of a run
 * that has ended nothing more can be waited for: what it has counts from the step at which it showed first.
 */
export class FindingLives {
  readonly #lives = new Map<FindingId, LivingFinding>();

  /** Those that are told now in their order, then those that are cured. */
  follow({ stepCount, end }: Run, findings: readonly Finding[]): LivingFinding[] {
    const told = new Set(findings.map(({ id }) => id));
    for (const finding of findings) {
      const since = end ? Math.min(finding.step, stepCount) : stepCount;
      this.#lives.set(finding.id, shown(this.#lives.get(finding.id), finding, since, stepCount));
    }
    for (const [id, life] of this.#lives) {
      if (told.has(id)) continue;
      if (life.stage === 'suspected') this.#lives.delete(id);
      else if (stepCount - life.seen >= STEPS_TO_CURE) this.#lives.set(id, { ...life, stage: 'cured' });
    }
    const current = findings.map(({ id }) => this.#lives.get(id) as LivingFinding);
    return [...current, ...[...this.#lives.values()].filter(({ finding }) => !told.has(finding.id))];
  }
}

/** The next stage of a finding that shows at a step; `first`: since when, if it's new. */
function shown(before: LivingFinding | undefined, finding: Finding, first: number, step: number): LivingFinding {
  const back = before?.stage === 'cured';
  const since = back ? step : Math.min(before?.since ?? first, first);
  const stage = back || before?.stage === 'recurring' ? 'recurring' : stageAfter(finding, step - since, before?.stage);
  return { finding, stage, since, seen: step };
}

function stageAfter({ id, confidence }: Finding, steps: number, before: Stage = 'suspected'): Stage {
  if (id === 'non-finite' || before === 'settled') return 'settled';
  if (confidence >= SURE && steps >= STEPS_TO_SETTLE) return 'settled';
  const sure = confidence >= DECIDED || (confidence >= SURE && steps >= STEPS_TO_CONFIRM);
  return sure ? 'confirmed' : before;
}
