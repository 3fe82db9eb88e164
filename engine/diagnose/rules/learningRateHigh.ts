import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { lossesOf } from '../evidence/course.ts';
import { curvatureProof, overshootsToTheEnd } from '../evidence/curvature.ts';
import { learned } from '../evidence/learned.ts';
import { median } from '../evidence/median.ts';
import { isFailing, learns, toldProgress } from '../evidence/progress.ts';
import { swingsOf } from '../evidence/swings.ts';
import { FALLING, trend } from '../evidence/trend.ts';
import { ratiosOf, stepRatio } from '../evidence/updates.ts';
import { decayingWeights } from '../evidence/weightDecay.ts';
import type { Symptom } from '../finding.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';
import { saturatedIn } from './saturated.ts';

/** The first steps are transients: optimizers warm up, biases leave 0. */
const TRANSIENT = 3;
const STEPS = 15;
/** Where only some steps are measured, so many of them will do. */
const MEASUREMENTS_WHEN_SAMPLED = 5;
/** Updates of so large a share of the weights, step by step, are out of the healthy range for every optimizer. */
const RATIO = 0.1;
const RATIO_BEYOND_DOUBT = 0.5;
/** Together with a loss that grows, so large a share is enough. */
const RATIO_OF_DIVERGENCE = 0.01;
const GROWTH = 3;
const LEARNING = 0.05;
/** Steps in which a model may be thrown off its start, and what it must have won since for that to be over. */
const KICK = 10;
const RATIO_OF_KICK = 0.5;
const LEARNING_AFTER_KICK = 0.9;
/** By so much of itself the loss is thrown up; by less where nothing was learned since. */
const KICKED = 3;
const KICKED_FOR_GOOD = 1;
/** Losses of so many steps together, and by which share of the first loss they rise again in a model that has not learned. */
const WINDOW = 10;
const RELAPSE = 0.3;
const LEARNING_AFTER_RELAPSE = 0.5;
/** Every one of the first updates changes the weights by so much, and in the end no more than this has been learned. */
const RATIO_AT_FIRST = 0.15;
const LEARNED_AT_LAST = 0.5;
const STEPS_TO_JUDGE = 100;
/** A momentum from which on it adds up hundreds of gradients: 0.9 to 0.99 is usual (Sutskever et al. 2013). */
const HEAVY_MOMENTUM = 0.995;
/** The early steps, and what a model may have learned whose activations their updates have driven to their ends. */
const EARLY = 50;
const LEARNING_WHEN_DRIVEN = 0.1;

/** Weights that move by a tenth at every step and get nowhere, or that move much while the loss grows. */
export const learningRateHigh: Rule = {
  id: 'learning-rate-high',
  source:
    'update ÷ weight near 1e-3 is right (Karpathy), within 1e-1 (DeepDiagnosis); divergence of the loss; rate·λ against its bound (Cohen et al. 2021, 2022) as proof',
  needs: { facts: ['updateNorm', 'weightNorm', 'loss-of-step'], steps: STEPS },
  yieldsTo: [
    'missing-zero-grad',
    'unscaled-input',
    'gradient-check-failed',
    'bad-initialization',
    'wrong-loss-scale',
    'small-batch-norm',
  ],
  followsFrom: ['exploding-gradient', 'vanishing-gradient', 'dead-units', 'saturated-activation', 'non-finite'],
  examine(run) {
    if (isAdversarial(run)) return ofOnePlayer(run);
    if (!Number.isFinite(run.firstLoss)) return null;
    const early = run.history.steps.slice(TRANSIENT, TRANSIENT + EARLY);
    const ratios = ratiosOf(run, early);
    if (ratios.length < (run.start?.sampling ? MEASUREMENTS_WHEN_SAMPLED : STEPS - TRANSIENT)) return null;
    const ratio = median(ratios);
    // Weights that decay has eaten are small, and what is small changes by much: their ratio says nothing of the rate.
    if (decayingWeights(run)) return null;
    const symptom =
      diverges(run, ratio) ??
      bounces(run, ratio) ??
      kicks(run) ??
      relapses(run) ??
      drives(run, ratio) ??
      scatters(run) ??
      rolls(run) ??
      overshoots(run, ratio);
    return symptom && proven(run, symptom);
  },
};

/** With the curvature's word on it. */
function proven(run: Run, symptom: Symptom): Symptom {
  const { proves, sentence } = curvatureProof(run, symptom.step);
  return { ...symptom, strength: proves ? 'strong' : symptom.strength, evidence: symptom.evidence + sentence };
}

function diverges(run: Run, ratio: number): Symptom | null {
  const losses = lossesOf(run);
  const recent = median(losses.slice(-10));
  const scale = scaleOf(run);
  if (!(ratio > RATIO_OF_DIVERGENCE && recent > run.firstLoss + GROWTH * scale)) return null;
  return {
    ...common(run),
    strength: ratio > RATIO ? 'strong' : 'usual',
    step: firstAbove(run, RATIO_OF_DIVERGENCE),
    cause: 'divergence',
    evidence: `The loss grows from ${number(run.firstLoss)} to ${number(recent)}, while each update changes the weights by ${number(100 * ratio)} %${rateOf(run)}. About 0.1 % is usual.`,
  };
}

function bounces(run: Run, ratio: number): Symptom | null {
  if (!(ratio > RATIO && !learns(run, LEARNING))) return null;
  return {
    ...common(run),
    strength: ratio > RATIO_BEYOND_DOUBT ? 'strong' : 'usual',
    step: firstAbove(run, RATIO),
    cause: 'large-updates',
    evidence: `Each update changes the weights by ${number(100 * ratio)} %${rateOf(run)}, where about 0.1 % is usual, and the loss hasn’t fallen (from ${number(run.firstLoss)} to ${number(median(lossesOf(run).slice(-10)))}).`,
  };
}

/** The loss had fallen and has risen again, by a good part of the first loss and for long, while updates are large. */
function relapses(run: Run): Symptom | null {
  const losses = lossesOf(run);
  if (losses.length < 5 * WINDOW || learns(run, LEARNING_AFTER_RELAPSE)) return null;
  const medians = Array.from({ length: Math.floor(losses.length / WINDOW) }, (_, i) =>
    median(losses.slice(i * WINDOW, (i + 1) * WINDOW)),
  );
  const best = Math.min(...medians);
  const recent = median(medians.slice(-3));
  const at = medians.indexOf(best) * WINDOW;
  const ratio = median(ratiosOf(run, run.history.steps.slice(at, at + 3 * WINDOW)));
  if (!(best < (1 - RELAPSE) * run.firstLoss || best < 0) || returnsToNothing(run.firstLoss, best, recent)) return null;
  const never = Math.min(...losses.slice(-2 * WINDOW)) > best; // it doesn't just swing
  if (!(never && recent > best + RELAPSE * scaleOf(run) && ratio > RATIO_OF_DIVERGENCE)) return null;
  return {
    ...common(run),
    strength: 'usual',
    step: run.history.steps[Math.min(at, run.history.length - 1)].step,
    cause: 'divergence',
    evidence: `The loss had fallen from ${number(run.firstLoss)} to ${number(best)} and is ${number(recent)} again, while each update changed the weights by ${number(100 * ratio)} %${rateOf(run)}.`,
  };
}

/**
 * A policy's loss (the logarithms of its choices, weighted by how much better than usual they were) is about 0 for any
 * policy in the beginning, and 0 again once no choice is better than usual: that it returns there is how it ends.
 */
function returnsToNothing(first: number, best: number, recent: number): boolean {
  const fall = first - best;
  return best < 0 && Math.abs(first) < RELAPSE * fall && recent < first + RELAPSE * fall;
}

/** Activations that began well are driven to their ends, by updates far larger than is usual. */
function drives(run: Run, ratio: number): Symptom | null {
  if (!(ratio > RATIO_OF_DIVERGENCE) || learns(run, LEARNING_WHEN_DRIVEN)) return null;
  const [{ step: start }] = run.history.steps;
  const driven = run.operations
    .flatMap((operation) => saturatedIn(run, operation) ?? [])
    .find(({ step }) => step > start + TRANSIENT);
  if (!driven) return null;
  const { operation, share, step } = driven;
  return {
    ...common(run),
    strength: 'usual',
    step: firstAbove(run, RATIO_OF_DIVERGENCE),
    cause: 'drives-into-saturation',
    evidence: `${number(100 * share)} % of what ${operation.operation} gives is saturated since step ${step}, and wasn’t at first: each update changes the weights by ${number(100 * ratio)} %${rateOf(run)}, where about 0.1 % is usual.`,
  };
}

/** The first updates leave nothing of how the weights began, and the model never comes far, whatever the loss did meanwhile. */
function scatters(run: Run): Symptom | null {
  const first = median(ratiosOf(run, run.history.steps.slice(1, KICK)));
  if (!(first > RATIO_AT_FIRST && run.stepCount >= STEPS_TO_JUDGE && learned(run) < LEARNED_AT_LAST)) return null;
  return {
    ...common(run),
    strength: 'usual',
    step: firstAbove(run, RATIO_AT_FIRST),
    cause: 'first-updates',
    evidence: `Each of the first updates changes the weights by ${number(100 * first)} %${rateOf(run)}, where about 0.1 % is usual: nothing is left of how they began. ${toldProgress(run)}`,
  };
}

/** Momentum adds up so many gradients that the rate stands for far more than it says, and the model fails. */
function rolls(run: Run): Symptom | null {
  if (!(run.stepCount >= STEPS_TO_JUDGE && isFailing(run))) return null;
  for (const { site, settings } of run.optimizers.values()) {
    const momentum = Number(settings.momentum ?? 0);
    if (!(momentum >= HEAVY_MOMENTUM)) continue;
    return {
      ...common(run),
      ...aboutLayers(run, [], site),
      strength: 'usual',
      step: run.history.steps[0].step,
      cause: 'momentum',
      evidence: `A momentum of ${momentum} adds up some ${number(1 / (1 - momentum))} gradients, so that updates become as many times as large as the learning rate says${rateOf(run)}; 10 is usual (a momentum of 0.9). ${toldProgress(run)}`,
      remedies: [remedy('momentum', 'Lower the momentum to 0.9'), ...common(run).remedies],
    };
  }
  return null;
}

/**
 * The loss doesn't fall, and rate·λ is above its bound: steps overshoot what the curvature allows, large ones at that. Where it
 * swings from step to step, that's another finding.
 */
function overshoots(run: Run, ratio: number): Symptom | null {
  const still = run.stepCount >= STEPS_TO_JUDGE && trend(lossesOf(run)) > FALLING;
  if (!(still && ratio > RATIO_OF_DIVERGENCE && isFailing(run) && overshootsToTheEnd(run))) return null;
  if (swingsOf(run)) return null;
  return {
    ...common(run),
    strength: 'usual',
    // that far the curvature's word reaches
    step: run.stepCount,
    cause: 'overshoots',
    evidence: `The loss hasn’t fallen in ${plural(run.stepCount, 'step')}, while each update changes the weights by ${number(100 * ratio)} %${rateOf(run)}.`,
  };
}

/**
 * Of two players no loss has to fall, but no optimizer's updates should be a fifth of its weights, step by step, nor one of them
 * most of them: the other player learns of what is gone at the next step.
 */
function ofOnePlayer(run: Run): Symptom | null {
  for (const { site, parameters } of run.optimizers.values()) {
    const own = new Set(parameters);
    const steps = run.history.steps.filter(({ parameters: { ids } }) => ids.some((id) => own.has(id)));
    const ratios = ratiosOf(run, steps.slice(0, 2 * KICK), own).slice(0, KICK);
    const [ratio, most] = [median(ratios), Math.max(...ratios)];
    if (!(ratios.length === KICK && (ratio > RATIO_AT_FIRST || most > RATIO_OF_KICK))) continue;
    return {
      ...common(run),
      ...aboutLayers(run, [], site),
      strength: 'usual',
      step: steps[0].step,
      cause: 'large-updates',
      evidence: `Of the first ${plural(ratios.length, 'update')} of this optimizer, each changes its weights by ${number(100 * ratio)} % and the largest by ${number(100 * most)} % (learning rate ${number(steps[0].learningRate)}), where about 0.1 % is usual.`,
    };
  }
  return null;
}

/** The first of the early steps whose update changed the weights by more than a share. */
const firstAbove = (run: Run, share: number): number =>
  run.history.steps.slice(0, TRANSIENT + EARLY).find((step) => stepRatio(run, step) > share)?.step ?? 0;

/** The first updates are as large as the weights they change, and throw the model far off: it's not where it was put. */
function kicks(run: Run): Symptom | null {
  const [first, ...after] = run.history.steps.slice(0, KICK);
  const ratio = Math.max(...ratiosOf(run, [first, ...after]));
  const worst = Math.max(...after.map(({ loss }) => loss).filter(Number.isFinite));
  const height = learns(run, LEARNING_AFTER_RELAPSE) ? KICKED : KICKED_FOR_GOOD;
  if (!(ratio > RATIO_OF_KICK && worst > run.firstLoss + height * scaleOf(run))) return null;
  if (learns(run, LEARNING_AFTER_KICK)) return null;
  return {
    ...common(run),
    strength: 'usual',
    step: firstAbove(run, RATIO_OF_KICK),
    cause: 'first-updates',
    evidence: `The first updates change the weights by up to ${number(100 * ratio)} %${rateOf(run)}, and throw the loss from ${number(run.firstLoss)} up to ${number(worst)}.`,
  };
}

/** What a loss is compared with: itself; but one that is negative as well (a policy's, say) with its ups and downs. */
function scaleOf(run: Run): number {
  const early = lossesOf(run).slice(0, KICK);
  const lowest = Math.min(...early);
  return lowest < 0 ? Math.max(...early) - lowest : Math.abs(run.firstLoss);
}

function rateOf(run: Run): string {
  const rate = run.history.steps[0].learningRate;
  return Number.isNaN(rate) ? '' : ` (learning rate ${number(rate)})`;
}

function common(run: Run): Pick<Symptom, 'id' | 'severity' | 'layers' | 'parameters' | 'site' | 'sites' | 'remedies'> {
  const [optimizer] = run.optimizers.values();
  return {
    id: 'learning-rate-high',
    severity: 'error',
    ...aboutLayers(run, [], optimizer?.site ?? run.parameters[0]?.site ?? null),
    remedies: [
      remedy('learning-rate', 'Lower the learning rate by 10, or warm it up'),
      remedy('clip', 'Clip the gradient’s norm before the update'),
    ],
  };
}
