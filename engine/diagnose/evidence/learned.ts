import type { Run } from '../../run/run.ts';
import { constantOf, floorOf, isOverBatch, shareLearned } from './call.ts';
import { recentLoss } from './course.ts';
import { asLoss, meaningOf } from './lossMeaning.ts';
import { median } from './median.ts';
import { learnedOfTerms, termsOf } from './terms.ts';

/** The standard error of that score, as a share of it: every batch has targets of its own. 0 where there is one batch only. */
export function constantScoreError(run: Run): number {
  const scores = run.losses.flatMap(({ baseline }) => (baseline !== null && baseline > 0 ? [baseline] : []));
  const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (scores.length - 1);
  return scores.length > 1 ? Math.sqrt(variance / scores.length) / mean : 0;
}

/** The score of the best constant answer as a loss of a step; NaN where that can't be told. */
export const constantScore = (run: Run): number => scoresOf(run).constant;

/** As losses of a step: what the best constant answer scores, and the best answers there are; NaN where they can't be told. */
function scoresOf(run: Run, meaning = meaningOf(run)): { readonly constant: number; readonly least: number } {
  const scores = [...Map.groupBy(run.losses, ({ step }) => step).values()]
    .map((calls) => ({
      constant: asLoss(meaning, calls, constantOf),
      least: asLoss(meaning, calls, ({ least }) => least ?? 0),
    }))
    .filter(({ constant, least }) => constant > least);
  return { constant: median(scores.map((s) => s.constant)), least: median(scores.map((s) => s.least)) };
}

/** What a constant answer scores, and the least loss that's possible; NaN where they can't be told. */
function span(run: Run): { readonly constant: number; readonly least: number } {
  const [first] = run.losses;
  if (!first) return { constant: Number.NaN, least: Number.NaN };
  const meaning = meaningOf(run);
  const { offset } = meaning;
  const factor = meaning.weight(0);
  // Over a batch of n, nothing known is ln n, and all known that the samples of a class share: the entropy less.
  if (isOverBatch(first)) {
    const constant = factor * Math.log(first.rows) + offset;
    return { constant, least: constant - (scoresOf(run, meaning).constant - offset) };
  }
  const floor = floorOf(first);
  if (floor === null) return scoresOf(run, meaning);
  const constant = floor < 0 ? offset - factor / first.classes : scoresOf(run, meaning).constant;
  return { constant, least: factor * floor + offset };
}

/**
 * How much of what can be learned a loss shows to be: 0 where a constant answer scores as well, 1 at the least loss that's
 * possible. NaN where the losses of the run can't be compared with those.
 */
export function learnedBy(run: Run, loss: number): number {
  const share = shareLearned(loss, span(run));
  // Distances are what others take the squares of: half as far away is a quarter of those.
  return run.losses.every((call) => call.loss === 'l1Loss') ? 1 - (1 - share) ** 2 : share;
}

/** The same of what the run has come to; where its losses can't be compared, by what its loss functions gave, as far as they are known. */
export function learned(run: Run): number {
  const known = learnedBy(run, recentLoss(run));
  return Number.isNaN(known) ? learnedOfTerms(termsOf(run)) : known;
}

/**
 * The loss has another part that can't be compared with anything (a divergence from a prior, a penalty): what its loss functions show to
 * be learned is a compromise, and nobody knows how much of it there could be.
 */
export const isCompromise = (run: Run): boolean =>
  Number.isNaN(learnedBy(run, recentLoss(run))) && !Number.isNaN(learned(run));
