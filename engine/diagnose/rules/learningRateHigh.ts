import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { curvatureProof } from '../evidence/curvature.ts';
import { isAdversarial, learns, lossesOf, median, ratiosOf, stepRatio } from '../evidence/progress.ts';
import { decayingWeights } from '../evidence/weightDecay.ts';
import type { Finding } from '../finding.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';
import { saturatedIn } from './saturated.ts';

/** The first steps are transients: optimizers warm up, biases leave 0. */
const TRANSIENT = 3;
const STEPS = 15;
/** Where only some steps are measured, so many of them will do. */
const MEASUREMENTS_WHEN_SAMPLED = 5;
/** Updates of so large a share of the weights, step by step, are out of the healthy range for every optimizer. */
const RATIO = 0.1;
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
/** The early steps, and what a model may have learned whose activations their updates have driven to their ends. */
const EARLY = 50;
const LEARNING_WHEN_DRIVEN = 0.1;
/** Together with steps that overshoot what the curvature of the loss allows. */
const PROVEN = 0.97;

/** Weights that move by a tenth at every step and get nowhere, or that move much while the loss grows. */
export const learningRateHigh: Rule = {
  id: 'learning-rate-high',
  source:
    'update ÷ weight near 1e-3 is right (Karpathy), within 1e-1 (DeepDiagnosis); divergence of the loss; rate·λ against its bound (Cohen et al. 2021, 2022) as proof',
  needs: { facts: ['updateNorm', 'weightNorm', 'loss-of-step'], steps: STEPS },
  yieldsTo: ['missing-zero-grad', 'unscaled-input', 'gradient-check-failed', 'bad-initialization', 'wrong-loss-scale'],
  followsFrom: ['exploding-gradient', 'vanishing-gradient', 'dead-units', 'saturated-activation', 'non-finite'],
  examine(run) {
    if (isAdversarial(run) || !Number.isFinite(run.firstLoss)) return null;
    const early = run.history.steps.slice(TRANSIENT, TRANSIENT + EARLY);
    const ratios = ratiosOf(run, early);
    if (ratios.length < (run.start?.sampling ? MEASUREMENTS_WHEN_SAMPLED : STEPS - TRANSIENT)) return null;
    const ratio = median(ratios);
    // Weights that decay has eaten are small, and what is small changes by much: their ratio says nothing of the rate.
    if (decayingWeights(run)) return null;
    const finding = diverges(run, ratio) ?? bounces(run, ratio) ?? kicks(run) ?? relapses(run) ?? drives(run, ratio);
    return finding && proven(run, finding);
  },
};

/** With the curvature's word on it. */
function proven(run: Run, finding: Finding): Finding {
  const { proves, sentence } = curvatureProof(run, finding.step);
  const confidence = proves ? Math.max(finding.confidence, PROVEN) : finding.confidence;
  return { ...finding, confidence, evidence: finding.evidence + sentence };
}

function diverges(run: Run, ratio: number): Finding | null {
  const losses = lossesOf(run);
  const recent = median(losses.slice(-10));
  const scale = scaleOf(run);
  if (!(ratio > RATIO_OF_DIVERGENCE && recent > run.firstLoss + GROWTH * scale)) return null;
  return {
    ...common(run),
    confidence: ratio > RATIO ? 0.95 : 0.85,
    step: firstAbove(run, RATIO_OF_DIVERGENCE),
    cause: 'divergence',
    evidence: `The loss grows from ${number(run.firstLoss)} to ${number(recent)}, while each update changes the weights by ${number(100 * ratio)} %${rateOf(run)}. About 0.1 % is usual.`,
  };
}

function bounces(run: Run, ratio: number): Finding | null {
  if (!(ratio > RATIO && !learns(run, LEARNING))) return null;
  return {
    ...common(run),
    confidence: Math.min(0.95, 0.8 + 0.2 * Math.log10(ratio / RATIO)),
    step: firstAbove(run, RATIO),
    cause: 'large-updates',
    evidence: `Each update changes the weights by ${number(100 * ratio)} %${rateOf(run)}, where about 0.1 % is usual, and the loss hasn’t fallen (from ${number(run.firstLoss)} to ${number(median(lossesOf(run).slice(-10)))}).`,
  };
}

/** The loss had fallen and has risen again, by a good part of the first loss and for long, while updates are large. */
function relapses(run: Run): Finding | null {
  const losses = lossesOf(run);
  if (losses.length < 5 * WINDOW || learns(run, LEARNING_AFTER_RELAPSE)) return null;
  const medians = Array.from({ length: Math.floor(losses.length / WINDOW) }, (_, i) =>
    median(losses.slice(i * WINDOW, (i + 1) * WINDOW)),
  );
  const best = Math.min(...medians);
  const recent = median(medians.slice(-3));
  const at = medians.indexOf(best) * WINDOW;
  const ratio = median(ratiosOf(run, run.history.steps.slice(at, at + 3 * WINDOW)));
  if (!(best < (1 - RELAPSE) * run.firstLoss || best < 0)) return null;
  const never = Math.min(...losses.slice(-2 * WINDOW)) > best; // it doesn't just swing
  if (!(never && recent > best + RELAPSE * scaleOf(run) && ratio > RATIO_OF_DIVERGENCE)) return null;
  return {
    ...common(run),
    confidence: 0.85,
    step: run.history.steps[Math.min(at, run.history.length - 1)].step,
    cause: 'divergence',
    evidence: `The loss had fallen from ${number(run.firstLoss)} to ${number(best)} and is ${number(recent)} again, while each update changed the weights by ${number(100 * ratio)} %${rateOf(run)}.`,
  };
}

/** Activations that began well are driven to their ends, by updates far larger than is usual. */
function drives(run: Run, ratio: number): Finding | null {
  if (!(ratio > RATIO_OF_DIVERGENCE) || learns(run, LEARNING_WHEN_DRIVEN)) return null;
  const [{ step: start }] = run.history.steps;
  const driven = run.operations
    .flatMap((operation) => saturatedIn(run, operation) ?? [])
    .find(({ step }) => step > start + TRANSIENT);
  if (!driven) return null;
  const { operation, share, step } = driven;
  return {
    ...common(run),
    confidence: 0.85,
    step: firstAbove(run, RATIO_OF_DIVERGENCE),
    cause: 'drives-into-saturation',
    evidence: `${number(100 * share)} % of what ${operation.operation} gives is saturated since step ${step}, and wasn’t at first: each update changes the weights by ${number(100 * ratio)} %${rateOf(run)}, where about 0.1 % is usual.`,
  };
}

/** The first of the early steps whose update changed the weights by more than a share. */
const firstAbove = (run: Run, share: number): number =>
  run.history.steps.slice(0, TRANSIENT + EARLY).find((step) => stepRatio(run, step, null) > share)?.step ?? 0;

/** The first updates are as large as the weights they change, and throw the model far off: it's not where it was put. */
function kicks(run: Run): Finding | null {
  const [first, ...after] = run.history.steps.slice(0, KICK);
  const ratio = Math.max(...ratiosOf(run, [first, ...after]));
  const worst = Math.max(...after.map(({ loss }) => loss).filter(Number.isFinite));
  const height = learns(run, LEARNING_AFTER_RELAPSE) ? KICKED : KICKED_FOR_GOOD;
  if (!(ratio > RATIO_OF_KICK && worst > run.firstLoss + height * scaleOf(run))) return null;
  if (learns(run, LEARNING_AFTER_KICK)) return null;
  return {
    ...common(run),
    confidence: 0.85,
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

function common(run: Run): Pick<Finding, 'id' | 'severity' | 'layers' | 'parameters' | 'site' | 'sites' | 'remedies'> {
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
