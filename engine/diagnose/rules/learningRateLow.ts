import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { hasSlowedDown, isWarmingUp, lateProgress, lossesOf } from '../evidence/course.ts';
import { shareOfBound } from '../evidence/curvature.ts';
import { isCompromise, learned } from '../evidence/learned.ts';
import { linearLayers } from '../evidence/linearModel.ts';
import { BARELY, endedEarly } from '../evidence/littleLearned.ts';
import { median } from '../evidence/median.ts';
import { hasHadTime, isFailing, toldProgress } from '../evidence/progress.ts';
import { goesNowhere, hasGradients, hasRoom, ROOM, SOME_WAY } from '../evidence/room.ts';
import { BEYOND_DOUBT, trend } from '../evidence/trend.ts';
import { AT_THE_START, isStarved, ratiosOf, recentRatios, travelled } from '../evidence/updates.ts';
import { decayingWeights } from '../evidence/weightDecay.ts';
import type { Symptom } from '../finding.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

const STEPS = 100;
/** Updates so small would take 10,000 steps to change the weights. */
const RATIO = 1e-4;
const LEARNING = 0.05;
/** An update at the start so much larger: the weights have moved and come to rest, which isn't the rate's doing. */
const MOVED = 10;
const START = 10;
/** Measurements of these; where steps are sampled, fewer in the whole run. */
const MEASUREMENTS = STEPS / 2;
const MEASUREMENTS_WHEN_SAMPLED = 10;

/** Below what is usual (Karpathy), … */
const USUAL = 1e-3;
/** … and with next to nothing learned, a loss that falls all the same (Mann & Kendall’s test) asks for larger steps. */
const LEARNED_WHEN_CREEPING = 0.15;
/** Something is learned by now, or the weights are about where they began. */
const BEGINS = 0.005;

/** Where updates are smaller than this, and rate·λ is far below its bound, larger steps are safe … */
const RATIO_OF_SLOW = 2e-3;
/** … and needed, where so little has been learned while the loss goes on falling by this share in the last quarter. */
const LEARNED_WHEN_SLOW = 0.7;
/** Where updates are smaller than is usual and the loss falls by so much, it hasn't come as far as it could by more. */
const LEARNED_WHEN_USUAL = 0.8;
const FALLING_WHEN_USUAL = 0.1;
/** A rate that has died away: to such a share of what it was, for so much of the run. */
const DIED = 1e-3;
const DEAD_SHARE = 0.4;
/** Where hardly anything has been learned, updates up to this are small. */
const LITTLE = 0.3;
const RATIO_OF_LITTLE = 4e-3;
const STILL_FALLING = 0.02;
/** By so much a loss falls that shows a model on its way. */
const ON_ITS_WAY = 0.065;
const STEPS_WHEN_SLOW = 150;
/** So little can all updates together have changed the weights that they are where they began. */
const NO_WAY_AT_ALL = 0.01;
/** Less of what can be learned than this is as good as nothing. */
const BEGINS_TO_LEARN = 0.05;

/** Weights that hardly move, of a model that has not learned and is not being warmed up; or that learns, and far too slowly. */
export const learningRateLow: Rule = {
  id: 'learning-rate-low',
  source:
    'update ÷ weight: below 1e-5 (DeepDiagnosis), 1e-4 (TheDeepChecker), about 1e-3 is right (Karpathy); rate·λ far below its bound (Cohen et al. 2021)',
  needs: { facts: ['updateNorm', 'weightNorm', 'loss-of-step'], steps: STEPS },
  yieldsTo: [
    'vanishing-gradient',
    'dead-units',
    'saturated-activation',
    'bad-initialization',
    'not-optimized',
    'frozen-parameter',
    'missing-zero-grad',
    'gradient-check-failed',
    'double-softmax',
    'unscaled-input',
    'learning-rate-high',
    'exploding-gradient',
    'small-batch-norm',
    'wrong-loss-scale',
    'non-finite',
    'loss-plateau',
  ],
  examine(run) {
    if (isWarmingUp(run)) return warmsUpToTheEnd(run);
    if (isAdversarial(run)) return ofOnePlayer(run);
    if (isStarved(run)) return diesAway(run);
    return hardlyMoves(run) ?? diesAway(run) ?? (linearLayers(run) ? null : comesNotFar(run));
  },
};

function hardlyMoves(run: Run): Symptom | null {
  const { steps } = run.history;
  const sampled = run.start?.sampling !== undefined;
  const recent = sampled ? steps : steps.slice(-STEPS);
  const ratios = ratiosOf(run, recent);
  if (ratios.length < (sampled ? MEASUREMENTS_WHEN_SAMPLED : MEASUREMENTS)) return null;
  if (hasComeToRest(run, median(ratios))) return null;
  const losses = lossesOf(run);
  const [early, late] = [median(losses.slice(0, 10)), median(losses.slice(-10))];
  const change = (early - late) / Math.abs(early);
  // What weights that are where they began make of a loss is noise, however much it is.
  const stays = Math.abs(change) < LEARNING || (travelled(run) < NO_WAY_AT_ALL && isFailing(run));
  if (!(ratios.every((ratio) => ratio < 2 * RATIO) && median(ratios) < RATIO && stays)) return null;
  if (!recent.some((step) => hasGradients(run, step))) return null;
  return {
    ...common(run),
    strength: 'usual',
    step: recent[0].step,
    cause: 'small-updates',
    evidence: `Each update changes the weights by ${number(100 * median(ratios))} %${rateOf(run)}, where about 0.1 % is usual, and the loss has hardly moved (by ${number(100 * change)} %) in ${run.stepCount} steps.`,
  };
}

/** Of two players no loss has to fall, but one that hardly moves leaves the other nobody to play with. */
function ofOnePlayer(run: Run): Symptom | null {
  for (const { site, parameters } of run.optimizers.values()) {
    const ratios = ratiosOf(run, run.history.steps, new Set(parameters)).filter((ratio) => ratio > 0);
    const most = Math.max(...ratios);
    if (!(ratios.length >= MEASUREMENTS && most < RATIO)) continue;
    return {
      ...common(run),
      ...aboutLayers(run, [], site),
      strength: 'usual',
      step: run.history.steps[0].step,
      cause: 'small-updates',
      evidence: `This optimizer's updates change its weights by ${number(100 * most)} % at the most, where about 0.1 % is usual: in ${run.stepCount} steps they stay about where they began.`,
    };
  }
  return null;
}

/** Its updates were far larger at first, by the same rate: there is nothing more that the gradient asks for. */
function hasComeToRest(run: Run, recent: number): boolean {
  return !hasSlowedDown(run) && median(ratiosOf(run, run.history.steps.slice(0, START))) > MOVED * recent;
}

/** The run is over, and the rate was still growing. */
function warmsUpToTheEnd(run: Run): Symptom | null {
  if (isAdversarial(run) || run.end?.ended !== 'completed') return null;
  if (!(hasHadTime(run, STEPS_WHEN_SLOW) && isFailing(run))) return null;
  const { steps } = run.history;
  const [first, last] = [steps[0].learningRate, steps[steps.length - 1].learningRate];
  if (!(last >= Math.max(...steps.map(({ learningRate }) => learningRate)))) return null;
  return {
    ...common(run),
    strength: 'usual',
    step: 0,
    cause: 'long-warm-up',
    evidence: `The learning rate was still growing (from ${number(first)} to ${number(last)}) when the run was over after ${plural(run.stepCount, 'step')}: it never came to what it was to be. ${toldProgress(run)}`,
    remedies: [remedy('learning-rate', 'Warm up over far fewer steps')],
  };
}

/** A schedule has taken the rate to next to nothing long before the end, of a model that hasn't learned well. */
function diesAway(run: Run): Symptom | null {
  const { steps } = run.history;
  const most = Math.max(...steps.map(({ learningRate }) => learningRate));
  const last = steps.findLastIndex(({ learningRate }) => !(learningRate < DIED * most));
  const rest = steps.slice(last + 1);
  if (!(last >= 0 && rest.length >= DEAD_SHARE * steps.length && isFailing(run))) return null;
  if (!(median(ratiosOf(run, rest)) < RATIO)) return null;
  return {
    ...common(run),
    strength: 'usual',
    step: rest[0].step,
    cause: 'died-away',
    evidence: `The learning rate has fallen from ${number(most)} to less than a thousandth by step ${rest[0].step}, and the weights have hardly changed in the ${plural(rest.length, 'step')} since. ${toldProgress(run)}`,
  };
}

/** What a model of one linear map can't, larger steps can't either. */
const comesNotFar = (run: Run): Symptom | null => creeps(run) ?? learnsSlowly(run) ?? hardlyTravels(run);

/** The loss falls, beyond doubt and by next to nothing, while updates are smaller than is usual. */
function creeps(run: Run): Symptom | null {
  const share = learned(run);
  const ratio = median(ratiosOf(run, run.history.steps));
  if (!(hasHadTime(run, STEPS_WHEN_SLOW) && share < LEARNED_WHEN_CREEPING && ratio < USUAL)) return null;
  if (!(trend(lossesOf(run)) < BEYOND_DOUBT)) return null;
  if (hasComeToRest(run, median(recentRatios(run, STEPS)))) return null;
  // A model that gives up its first guesses for a constant answer falls, too.
  if (!(share > BEGINS || ratio * run.stepCount < AT_THE_START)) return null;
  return {
    ...common(run),
    strength: 'usual',
    step: Math.floor(run.stepCount / 2),
    cause: 'small-updates',
    evidence: `The loss falls steadily, and after ${run.stepCount} steps the model has learned ${number(100 * Math.max(0, share))} % of what could be learned: each update changes the weights by ${number(100 * ratio)} %${rateOf(run)}, where about 0.1 % is usual.`,
  };
}

/** It learns, and is far from done; and steps could be larger, or it's over already. */
function learnsSlowly(run: Run): Symptom | null {
  const falling = lateProgress(run);
  const share = learned(run);
  const ratio = median(ratiosOf(run, run.history.steps));
  const little = isCompromise(run) ? BARELY : LEARNED_WHEN_SLOW;
  const far =
    share < little ||
    (ratio < USUAL && !isCompromise(run) && share < LEARNED_WHEN_USUAL && falling > FALLING_WHEN_USUAL);
  if (!(hasHadTime(run, STEPS_WHEN_SLOW) && far && falling > STILL_FALLING)) return null;
  const room = shareOfBound(run);
  const hasHardlyLeft = travelled(run) < SOME_WAY && share < little && falling > ON_ITS_WAY;
  const small =
    ratio < USUAL ||
    (ratio < RATIO_OF_LITTLE && share < LITTLE) ||
    (ratio < RATIO_OF_SLOW && room < ROOM) ||
    hasHardlyLeft;
  if (!small && (endedEarly(run) !== 'unfinished' || decayingWeights(run))) return null;
  return {
    ...common(run),
    strength: 'usual',
    step: Math.floor(run.stepCount / 2),
    cause: small ? 'small-updates' : 'unfinished',
    evidence:
      `After ${run.stepCount} steps the model has learned ${number(100 * Math.max(0, share))} % of what could be learned, and the loss still falls (by ${number(100 * falling)} % in the last quarter). ` +
      (small
        ? `Each update changes the weights by ${number(100 * ratio)} %${rateOf(run)}${room > 0 && room < ROOM ? `, and rate·λ was at most ${number(100 * room)} % of its bound: larger steps would do` : ''}.`
        : 'It was stopped before it was done, or learns too slowly.'),
  };
}

/** All steps together lead nowhere: the weights are about what they were, and what little the loss has lost doesn't matter. */
function hardlyTravels(run: Run): Symptom | null {
  const way = travelled(run);
  const little = goesNowhere(run) || learned(run) < BEGINS_TO_LEARN;
  if (!(hasHadTime(run, STEPS_WHEN_SLOW) && isFailing(run) && little && hasRoom(run))) return null;
  const share = shareOfBound(run);
  return {
    ...common(run),
    strength: 'usual',
    step: Math.floor(run.stepCount / 2),
    cause: 'small-updates',
    evidence: `All updates of ${run.stepCount} steps together change the weights by ${number(100 * way)} % of themselves at the most${rateOf(run)}: they are about where they began. ${toldProgress(run)}${share < ROOM ? ` rate·λ was at most ${number(100 * share)} % of its bound: larger steps would do.` : ''}`,
  };
}

function rateOf(run: Run): string {
  const rate = run.history.last?.learningRate ?? Number.NaN;
  return Number.isNaN(rate) ? '' : ` (learning rate ${number(rate)})`;
}

function common(run: Run): Pick<Symptom, 'id' | 'severity' | 'layers' | 'parameters' | 'site' | 'sites' | 'remedies'> {
  const [optimizer] = run.optimizers.values();
  return {
    id: 'learning-rate-low',
    severity: 'warning',
    ...aboutLayers(run, [], optimizer?.site ?? run.parameters[0]?.site ?? null),
    remedies: [remedy('learning-rate', 'Raise the learning rate by 10 to 100')],
  };
}
