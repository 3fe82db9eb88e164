import type { Site } from '../site.ts';

/** Fixed: code actions, docs, trials and people's settings refer to them. */
export const FINDING_IDS = [
  'vanishing-gradient',
  'exploding-gradient',
  'non-finite',
  'dead-units',
  'saturated-activation',
  'bad-initialization',
  'frozen-parameter',
  'not-optimized',
  'missing-zero-grad',
  'double-softmax',
  'learning-rate-high',
  'learning-rate-low',
  'oscillating-loss',
  'loss-plateau',
  'unscaled-input',
  'small-batch-norm',
  'wrong-loss-scale',
  'overfitting',
  'rank-disagreement',
  'gradient-check-failed',
] as const;

export type FindingId = (typeof FINDING_IDS)[number];
export type Severity = 'error' | 'warning' | 'information';

/** What trying a remedy on copies of the script has shown, over several seeds and beside two controls. */
export interface Trial {
  /** Runs of the remedy; fewer than asked for where it could no longer be proven. */
  readonly seeds: number;
  readonly cured: number;
  /** Cured among as many as were asked for with nothing changed, and with a random innocent change. */
  readonly control: number;
  readonly random: number;
  /** Runs of each control. */
  readonly controlSeeds: number;
  /** `no-better`: the finding is gone, but a model that didn't learn still doesn't, or hardly. */
  readonly verdict: 'proven' | 'no-better' | 'did-not-help' | 'untried';
  /** The largest one-sided p of the tests that a proof needs, against the stronger control; null if untried. */
  readonly p: number | null;
  /**
   * Medians over seeds of the last loss, with the remedy, with nothing changed and with a random innocent change: NaN
   * where no run went to its end, Infinity where it isn't finite. Both are null in JSON.
   */
  readonly loss: { readonly remedy: number; readonly control: number; readonly random: number };
  /** Why it is untried, or what the script said when it failed. */
  readonly note: string | null;
}

export interface Remedy {
  readonly id: string;
  readonly title: string;
  /** A unified diff, or null where no edit is at hand. */
  readonly edit: string | null;
  /** What trying it has shown; null or absent where it hasn't been tried. */
  readonly trial?: Trial | null;
}

/** How much a rule has seen of what it looks for. How sure that makes a finding isn't for rules to say: it's measured. */
export type Strength = 'weak' | 'usual' | 'strong';

/** What a rule has found: a symptom with its place, cause, evidence and remedies. */
export interface Symptom {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly strength: Strength;
  /** Names of the layers concerned, the most affected first. */
  readonly layers: readonly string[];
  readonly parameters: readonly string[];
  /** Where the most affected layer (or operation) was made. */
  readonly site: Site | null;
  /** Sites of all layers concerned, without repetition; `site` first. */
  readonly sites: readonly Site[];
  /** The first step at which it showed. */
  readonly step: number;
  /** The mechanism, a stable word: `saturating-activation`, `recurrent-weights` … */
  readonly cause: string;
  /** One or two plain sentences with the numbers. */
  readonly evidence: string;
  readonly remedies: readonly Remedy[];
}

/** A symptom, with how often one of its kind is right on the benchmark. */
export interface Finding extends Omit<Symptom, 'strength'> {
  /** In [0, 1]. */
  readonly confidence: number;
}
