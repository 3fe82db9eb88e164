import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { isWarmingUp, lossesOf } from '../evidence/course.ts';
import { constantScore, constantScoreError, learned, learnedBy } from '../evidence/learned.ts';
import { linearLayers } from '../evidence/linearModel.ts';
import { endedEarly } from '../evidence/littleLearned.ts';
import { median } from '../evidence/median.ts';
import { hasHadTime, isFailing, seemsWell, toldProgress } from '../evidence/progress.ts';
import { hasRoom } from '../evidence/room.ts';
import { FALLING, trend } from '../evidence/trend.ts';
import { AT_THE_START, isStarved, travelled } from '../evidence/updates.ts';
import { decayingWeights } from '../evidence/weightDecay.ts';
import type { FindingId, Symptom } from '../finding.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Steps without progress. */
const STEPS = 150;
const LEAST_STEPS = 100;
/** Within so much of what a constant answer scores. */
const MARGIN = 0.05;
/** What a constant answer scores is known from a few batches: so many standard errors it may be off. */
const ERRORS = 2;
/** By so much the loss falls from one quarter of the steps to the next where there's still progress; from far above, by more. */
const FALLS = 0.02;
const FALLS_FROM_ABOVE = 0.1;
/** What a linear model may have learned before it stands still. */
const LEARNED_WHEN_LINEAR = 0.85;
const FALLS_WHEN_LINEAR = 0.2;

/** Everything that can be the reason. */
export const REASONS: readonly FindingId[] = [
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
  'unscaled-input',
  'small-batch-norm',
  'gradient-check-failed',
  'wrong-loss-scale',
];

/**
 * After hundreds of steps the model scores no better than a constant: the entropy of the classes, the variance of the
 * targets. A loss that merely stands still may have reached what can be reached, so nothing is said of it, unless the model
 * is a single linear map.
 */
export const lossPlateau: Rule = {
  id: 'loss-plateau',
  source: 'ARC Lens: ≥ 300 stalled steps; here against the exact score of the best constant answer',
  needs: { facts: ['loss', 'loss-of-step'], steps: LEAST_STEPS },
  yieldsTo: REASONS,
  examine(run) {
    if (!hasHadTime(run, STEPS) || isAdversarial(run) || isWarmingUp(run)) return null;
    const losses = lossesOf(run);
    const half = losses.slice(-Math.floor(losses.length / 2));
    const [recent, before] = [median(half.slice(-half.length / 2)), median(half.slice(0, half.length / 2))];
    const baseline = constantScore(run);
    const share = learnedBy(run, recent);
    // By how much what is left has become less; of the loss itself where what's least isn't known.
    const left = 1 - learnedBy(run, before);
    const fallen = Number.isNaN(share) ? (before - recent) / Math.abs(before) : 1 - (1 - share) / left;
    const margin = Math.max(MARGIN, ERRORS * constantScoreError(run));
    const stands = fallen < FALLS || trend(half) > FALLING;
    if (Number.isNaN(baseline)) {
      if (seemsWell(run)) return null;
      const known = (stands ? eaten(run, recent) : null) ?? (fallen < FALLS_WHEN_LINEAR ? linear(run, recent) : null);
      // what has learned all it could has come some way
      return known ?? (travelled(run) < AT_THE_START ? withoutGradient(run) : null);
    }
    const learnsNothing = (share < margin && stands) || (share < -MARGIN && fallen < FALLS_FROM_ABOVE);
    if (learnsNothing) return eaten(run, recent, baseline) ?? linear(run, recent) ?? noBetter(run, recent, baseline);
    const asLinear = fallen < FALLS_WHEN_LINEAR && learned(run) < LEARNED_WHEN_LINEAR ? linear(run, recent) : null;
    return asLinear ?? (endedEarly(run) ? eaten(run, recent) : null) ?? stalled(run, recent) ?? withoutGradient(run);
  },
};

const score = (run: Run, recent: number, baseline: number): string =>
  `After ${run.stepCount} steps the loss is ${number(recent)}, and a constant answer scores ${number(baseline)} on these targets: the model has learned nothing of its input.`;

/** Weight decay has taken the weights; `baseline` where what a constant answer scores is known. */
function eaten(run: Run, recent: number, baseline?: number): Symptom | null {
  const decay = decayingWeights(run);
  if (!decay) return null;
  const told =
    baseline === undefined ? `The loss hardly falls any more at ${number(recent)}.` : score(run, recent, baseline);
  return {
    ...common(run),
    ...aboutLayers(run, [], decay.site),
    strength: 'usual',
    cause: 'weight-decay',
    evidence: `${told} Weight decay takes ${number(100 * decay.share)} % of the weights at each step, more than the gradient gives: since the beginning they have shrunk to ${number(100 * decay.left)} %.`,
    remedies: [remedy('weight-decay', 'Use a much smaller weight decay')],
  };
}

/** Of a model whose steps were large enough to learn something by now. */
function noBetter(run: Run, recent: number, baseline: number): Symptom | null {
  if (hasRoom(run) && !isStarved(run)) return null;
  return {
    ...common(run),
    strength: 'weak',
    cause: 'no-better-than-constant',
    evidence: `${score(run, recent, baseline)} No known fix.`,
    remedies: [remedy('data', 'Check that inputs and targets belong together, and that the input tells of the target')],
  };
}

/** What was learned is little, and the run is over. */
function stalled(run: Run, recent: number): Symptom | null {
  if (endedEarly(run) !== 'stalled' || hasRoom(run)) return null;
  return {
    ...common(run),
    strength: 'usual',
    cause: 'stalled',
    evidence: `After ${run.stepCount} steps the loss is ${number(recent)}, and the model has learned ${number(100 * Math.max(0, learned(run)))} % of what could be learned. No known fix.`,
    remedies: [
      remedy('data', 'Check whether the input tells enough of the target, and whether the model is large enough'),
    ],
  };
}

/** However large the rate, the updates of an adaptive optimizer are next to nothing, and little was learned. */
function withoutGradient(run: Run): Symptom | null {
  if (!(isStarved(run) && isFailing(run))) return null;
  return {
    ...common(run),
    strength: 'usual',
    cause: 'no-gradient',
    evidence: `The updates are far smaller than the learning rate, by which this optimizer takes them whatever the size of the gradient: there is next to none. ${toldProgress(run)} No known fix.`,
    remedies: [remedy('data', 'Check that what the loss is given still depends on the input')],
  };
}

/** Layer on layer without anything between that isn't linear can do no more than one. */
function linear(run: Run, recent: number): Symptom | null {
  const layers = linearLayers(run);
  if (!layers) return null;
  return {
    ...common(run),
    ...aboutLayers(run, layers),
    strength: 'usual',
    cause: 'linear-model',
    evidence: `The loss hardly falls any more at ${number(recent)}, and there's no activation between the ${plural(layers.length, 'layer')} of the model: together they can do no more than one linear layer.`,
    remedies: [remedy('add-activation', 'Put an activation between the layers')],
  };
}

const common = (run: Run) =>
  ({
    id: 'loss-plateau',
    severity: 'warning',
    ...aboutLayers(run, [], run.losses[0]?.site ?? null),
    step: Math.floor(run.stepCount / 2),
  }) as const;
