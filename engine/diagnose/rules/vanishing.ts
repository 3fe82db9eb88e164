import type { LayerGroup } from '../../run/groups.ts';
import type { Run } from '../../run/run.ts';
import { bottleneckOf } from '../evidence/bottleneck.ts';
import { budgetFrom, type GradientBudget, largestOf } from '../evidence/budget.ts';
import { earlySteps } from '../evidence/course.ts';
import { improvement, models, type Profile, profile, rememberOfModel } from '../evidence/decades.ts';
import { learned } from '../evidence/learned.ts';
import { hasLearnedLittle } from '../evidence/littleLearned.ts';
import { median } from '../evidence/median.ts';
import { isFailing } from '../evidence/progress.ts';
import { queriesAndKeys } from '../evidence/queries.ts';
import { ratiosOf } from '../evidence/updates.ts';
import { decayingWeights } from '../evidence/weightDecay.ts';
import type { Remedy, Symptom } from '../finding.ts';
import { number, place, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';
import { isCutOff } from './deadUnits.ts';

/** A model needs some depth before "early" and "late" mean anything. */
const FEWEST_LAYERS = 3;
/** So far below the largest gradient behind it, a layer no longer learns with the others; healthy models stay within 1 to 2 decades. */
const DECADES = 3;
/** So far, it is a fault even while the loss still falls (a last layer alone can lower it for a while). */
const DECADES_BEYOND_DOUBT = 4.5;
/** So far is enough where the model scores no better than a constant answer for so many steps. */
const DECADES_WHEN_STUCK = 2;
const STEPS_WHEN_STUCK = 100;
const LEARNED_WHEN_STUCK = 0.05;
/** Updates of so small a share of the weights leave any layer as it is, whatever its gradient (DeepDiagnosis: below 1e-5). */
const STILL = 1e-5;
/** What an adaptive optimizer updates by so much of what the strongest layer is updated by learns with the others. */
const SHARE_MADE_UP_FOR = 0.1;
/** What has passed is told all the same where it took so much of the run, and the model doesn't learn well in the end. */
const SHARE_OF_RUN = 0.1;
/** Of single precision (6e−8), over a batch and a layer. */
const ROUNDING = 1e-6;
/** A loss that fell by this share is evidence that the model learns. */
const LEARNING = 0.1;
const STEPS_TO_JUDGE_LEARNING = 20;
/** It must show in so many steps in a row. */
const PERSISTENCE = 5;

/**
 * Depth-relative: a layer's gradient (root mean square) against the largest of the layers behind it. No absolute
 * cut-off, because a loss's scale, the batch size or a small last layer move all gradients alike; and no alarm on a
 * small early gradient as long as the model learns (AutoTrainer, ICSE 2021, makes the same exception).
 */
export const vanishing: Rule = {
  id: 'vanishing-gradient',
  source: 'depth-relative form of AutoTrainer (ICSE 2021) and of ARC Lens’ early/late gradient-flow ratio',
  needs: { facts: ['gradientNorm', 'gain', 'loss-of-step'], steps: PERSISTENCE },
  yieldsTo: ['unscaled-input', 'small-batch-norm'],
  followsFrom: ['learning-rate-high', 'wrong-loss-scale'],
  examine(run) {
    // what one unit doesn't let through isn't for want of gradients
    if (bottleneckOf(run) && hasLearnedLittle(run)) return null;
    const small = queriesAndKeys(run);
    const findings = models(run).map((groups) =>
      examineModel(
        run,
        groups.filter((group) => !isTable(run, group) && !small.has(group.layer as number)),
      ),
    );
    return findings.find((finding) => finding !== null) ?? null;
  },
};

/** Rows of a table that don't occur have no gradient, and each has only that of where it does: how small it is says nothing. */
const isTable = (run: Run, { layer }: LayerGroup): boolean => /^Embedding/.test(run.layers[layer as number].type);

function examineModel(run: Run, groups: readonly LayerGroup[]): Symptom | null {
  if (groups.length < FEWEST_LAYERS) return null;
  const learns = run.stepCount < STEPS_TO_JUDGE_LEARNING || (improvement(run) >= LEARNING && !hasFailed(run));
  const wanted = standsStill(run) ? DECADES_WHEN_STUCK : learns ? DECADES_BEYOND_DOUBT : DECADES;
  // Steps at which this model was not trained say nothing of it.
  const steps = run.history.steps.filter((step) => !Number.isNaN(worstDecades(run, step, groups)));
  const streak = longestStreak(steps.map((step) => worstDecades(run, step, groups) >= wanted));
  if (streak.length < PERSISTENCE) return null;
  // What showed for a while and then went away as the model began to learn was a transient.
  const passed = streak.end < steps.length && improvement(run) >= LEARNING;
  const cost = streak.length >= SHARE_OF_RUN * steps.length && hasFailed(run);
  if (passed && !cost) return null;
  // Described as it was when it began, so that what is said doesn't change while the run goes on.
  const begin = profile(run, steps[streak.end - streak.length], groups);
  // Weights that decay has eaten pass no gradient any more; at the beginning there was nothing to eat.
  if (begin.step.step > 0 && decayingWeights(run)) return null;
  const clearly = faded(begin, Math.min(wanted, DECADES));
  // One whose gradient is exactly 0 may lie before one that has faded by less.
  const layers = clearly.length > 0 ? clearly : faded(begin, DECADES_WHEN_STUCK);
  // A gradient of exactly 0 hasn't faded where units are all dead: it's cut off.
  if (layers.some((i) => begin.rms[i] === 0) && isCutOff(run)) return null;
  if (isHarmless(run, groups, begin, layers) || isRounding(run, groups, begin, layers)) return null;
  return describe(run, groups, begin, layers);
}

/** No better than a constant answer, after many steps. */
const standsStill = (run: Run): boolean => run.stepCount >= STEPS_WHEN_STUCK && learned(run) < LEARNED_WHEN_STUCK;

/** It has had its time, and hasn't learned well. */
const hasFailed = (run: Run): boolean => run.stepCount >= STEPS_WHEN_STUCK && isFailing(run);

/** How far the faintest of the layers that count has faded at a step; NaN if none was measured. */
const worstDecades = rememberOfModel((run, step, groups) => {
  const p = profile(run, step, groups);
  if (p.norms.every(Number.isNaN)) return Number.NaN;
  return Math.max(0, ...faded(p, DECADES_WHEN_STUCK).map((i) => decadesBelow(p, i)));
});

/** The longest run of `true`, the earlier one if equal. */
function longestStreak(shows: readonly boolean[]): { readonly length: number; readonly end: number } {
  let best = { length: 0, end: 0 };
  let length = 0;
  shows.forEach((show, i) => {
    length = show ? length + 1 : 0;
    if (length > best.length) best = { length, end: i + 1 };
  });
  return best;
}

/** Decades that layer `i` lies below the largest gradient behind it; 0 where that can't be said. */
function decadesBelow({ rms, largestBehind }: Profile, i: number): number {
  const behind = largestBehind[i];
  const decades = Math.log10(behind / rms[i]);
  return Number.isFinite(rms[i]) && behind > 0 ? decades : 0;
}

/**
 * The layers whose gradient has faded. A gradient of exactly 0 counts only where the one behind it has faded too:
 * otherwise it is cut off (frozen, detached, dead), which is another finding.
 */
function faded(p: Profile, decades: number): number[] {
  const layers: number[] = [];
  for (let i = p.rms.length - 2; i >= 0; i--) {
    if (decadesBelow(p, i) < decades) continue;
    if (p.rms[i] > 0 || layers[layers.length - 1] === i + 1) layers.push(i);
  }
  return layers.reverse();
}

/** The faintest of the layers that have faded, and the one with the largest gradient behind it. */
function endsOf({ rms }: Profile, faint: readonly number[]): { readonly worst: number; readonly strongest: number } {
  const worst = faint.reduce((a, b) => (rms[b] < rms[a] ? b : a), faint[0]);
  return { worst, strongest: rms.reduce((best, x, i) => (i > worst && x > rms[best] ? i : best), worst + 1) };
}

/** A moderate fade isn't what keeps a model from learning where the optimizer makes up for it, or where nothing moves at all. */
function isHarmless(run: Run, groups: readonly LayerGroup[], begin: Profile, faint: readonly number[]): boolean {
  const { worst, strongest } = endsOf(begin, faint);
  const decades = decadesBelow(begin, worst);
  if (decades >= DECADES_BEYOND_DOUBT) return false;
  const moves = (i: number): number => {
    const own = new Set(groups[i].parameters.map(({ id }) => id));
    return median(ratiosOf(run, earlySteps(run), own));
  };
  const most = moves(strongest);
  return most < STILL || (decades < DECADES && moves(worst) > SHARE_MADE_UP_FOR * most);
}

/** Next to the weights, the strongest gradient is what rounding leaves of none: the answers don't tell the loss anything. */
function isRounding(run: Run, groups: readonly LayerGroup[], begin: Profile, faint: readonly number[]): boolean {
  const { strongest } = endsOf(begin, faint);
  const weights = groups[strongest].parameters.map(({ id }) => run.parameterAt(begin.step, id)('weightNorm'));
  return begin.norms[strongest] < ROUNDING * Math.hypot(...weights);
}

function describe(run: Run, groups: readonly LayerGroup[], profile: Profile, faint: readonly number[]): Symptom {
  const { norms, step } = profile;
  const { worst, strongest } = endsOf(profile, faint);
  const layers = faint.map((i) => groups[i]);
  const stuck = improvement(run) < LEARNING;
  const { cause, activation, shares } = causeOf(budgetFrom(run, step.step));
  return {
    id: 'vanishing-gradient',
    severity: stuck ? 'error' : 'warning',
    strength: !stuck ? 'weak' : decadesBelow(profile, worst) >= DECADES_BEYOND_DOUBT ? 'strong' : 'usual',
    layers: layers.map((group) => group.name),
    parameters: layers.flatMap((group) => group.parameters.map((p) => p.name)),
    ...place(layers.map((group) => group.site)),
    step: step.step,
    cause,
    evidence:
      `The gradient fades from ${number(norms[strongest])} at ${groups[strongest].name} to ${number(norms[worst])} ` +
      `at ${groups[worst].name}, ${plural(strongest - worst, 'layer')} earlier.${shares}`,
    remedies: remedies(cause, activation),
  };
}

/** Decades that neither activations nor weights account for are put down to sheer depth. */
const NOTEWORTHY = 0.5;

interface Cause {
  readonly cause: 'saturating-activation' | 'small-weights' | 'depth';
  /** The activation that takes most, if one does. */
  readonly activation: string | null;
  /** A sentence with the decades each takes; empty if neither takes much. */
  readonly shares: string;
}

/** What takes most of the gradient on its way back. */
function causeOf(budget: GradientBudget | null): Cause {
  if (!budget) return { cause: 'depth', activation: null, shares: '' };
  const [activations, weights] = [-budget.byRole.activation, -budget.byRole.weights];
  const activation = largestOf(budget, 'activation')[0]?.[0] ?? null;
  if (Math.max(activations, weights) < NOTEWORTHY) return { cause: 'depth', activation, shares: '' };
  return {
    // a ReLU passes half of the gradient on, however it's driven: for weights to make up for (He et al. 2015)
    cause: activations >= weights && !/relu/i.test(activation ?? '') ? 'saturating-activation' : 'small-weights',
    activation,
    shares: ` Of what is lost on the way, ${number(activations)} decades go to ${activation ?? 'the activations'} and ${number(weights)} to the weights.`,
  };
}

/** Against what takes most, first. */
function remedies(cause: Cause['cause'], activation: string | null): Remedy[] {
  const edit = null;
  const normalization = {
    id: 'normalization',
    title: 'Normalize after each hidden layer (BatchNorm or LayerNorm)',
    edit,
  };
  const residual = { id: 'residual', title: 'Add residual connections around the hidden layers', edit };
  switch (cause) {
    case 'saturating-activation': {
      const title = `Replace ${activation ?? 'the activation'} by ReLU with He initialization`;
      return [normalization, { id: 'activation', title, edit }, residual];
    }
    case 'small-weights': {
      const title = 'Initialize the weights to fit the activation (He, Glorot)';
      return [{ id: 'initialization', title, edit }, normalization, residual];
    }
    case 'depth':
      return [residual, normalization];
  }
}
