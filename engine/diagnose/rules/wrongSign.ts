import type { LossFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { nameOf } from '../evidence/call.ts';
import { earlySteps, lossesOf, recentLoss } from '../evidence/course.ts';
import { median } from '../evidence/median.ts';
import { SHAPING } from '../evidence/shaping.ts';
import { correlation } from '../evidence/trend.ts';
import type { Symptom } from '../finding.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Batches that must show it. */
const CALLS = 3;
/** Of the loss that is minimized against what the loss function gave. */
const TOLERANCE = 0.01;

/** What is minimized is the negative of what was meant: the model learns to be as wrong as possible. */
export const wrongSign: Rule = {
  id: 'wrong-loss-scale',
  source: 'exact: the sign of what is minimized',
  needs: { facts: ['loss', 'loss-of-step', 'optimizer', 'operation'], steps: CALLS },
  examine: (run) =>
    negated(run) ?? opposes(run) ?? uphill(run) ?? signedError(run) ?? likelihood(run) ?? fallsForEver(run),
};

/** The loss of the step is the negative of what its loss function gave. Of two players one may want that. */
function negated(run: Run): Symptom | null {
  if (isAdversarial(run)) return null;
  const pairs = earlySteps(run).flatMap(({ step, loss }) => {
    const calls = run.losses.filter((call) => call.step === step);
    const [call] = calls;
    return calls.length === 1 && call.value !== null && call.value > 0 && isNegative(loss, call)
      ? [{ call, loss }]
      : [];
  });
  if (pairs.length < CALLS || pairs.length < new Set(run.losses.map(({ step }) => step)).size) return null;
  const [{ call, loss }] = pairs;
  const last = pairs[pairs.length - 1];
  return {
    ...common(run, call),
    evidence: `What is minimized is ${number(loss)}, the negative of what ${nameOf(call)} gives (${number(call.value ?? 0)}): the model learns to be as wrong as possible (after ${pairs.length} steps ${number(last.call.value ?? 0)}).`,
    remedies: [remedy('sign', 'Minimize the loss itself, not its negative')],
  };
}

/** Of the first calls, so many and so clearly. */
const CALLS_TO_OPPOSE = 6;
const OPPOSED = -0.95;

/** A sum of several terms, the negative of what was meant: it's below 0 and falls step by step as its loss function grows. */
function opposes(run: Run): Symptom | null {
  if (isAdversarial(run)) return null;
  const losses = new Map(earlySteps(run).map(({ step, loss }) => [step, loss]));
  const pairs = run.losses.flatMap((call) => {
    const loss = losses.get(call.step);
    return call.value !== null && call.value > 0 && loss !== undefined && loss < 0 ? [{ call, loss }] : [];
  });
  if (pairs.length < CALLS_TO_OPPOSE || pairs.length < run.losses.length) return null;
  const [{ call, loss }] = pairs;
  const last = pairs[pairs.length - 1];
  const together = correlation(
    pairs.map((pair) => pair.loss),
    pairs.map((pair) => pair.call.value as number),
  );
  if (!(together < OPPOSED && last.loss < loss)) return null;
  return {
    ...common(run, call),
    evidence: `In the first ${pairs.length} steps what is minimized falls from ${number(loss)} to ${number(last.loss)} as ${nameOf(call)} grows from ${number(call.value ?? 0)} to ${number(last.call.value ?? 0)}: the model learns to be as wrong as possible.`,
    remedies: [remedy('sign', 'Minimize the loss itself, not its negative')],
  };
}

/** So many times what it was at first, below 0, and the last quarter of the steps has its share of that. */
const ENDLESS = 300;
const STEPS_OF_ENDLESS = 50;

/** A loss that has no least value: it falls below 0 by hundreds of times what it was, faster and faster. */
function fallsForEver(run: Run): Symptom | null {
  if (isAdversarial(run) || run.stepCount < STEPS_OF_ENDLESS) return null;
  const losses = lossesOf(run);
  const quarter = Math.floor(losses.length / 4);
  const first = Math.max(...losses.slice(0, 5).map(Math.abs));
  const [before, last] = [median(losses.slice(-2 * quarter, -quarter)), median(losses.slice(-quarter))];
  if (!(last < -ENDLESS * first && last < 1.5 * before)) return null;
  // What ends in the loss is the last that is computed outside of layers.
  const end = run.operations.findLast(({ layer }) => layer === null);
  return {
    ...common(run, {
      site: run.losses[0]?.site ?? end?.site ?? null,
      step: run.history.steps[0].step,
      layer: null,
    }),
    strength: 'usual',
    evidence: `What is minimized falls from ${number(run.firstLoss)} to ${number(last)}, faster and faster: it has no least value, as the negative of a loss hasn’t.`,
    remedies: [remedy('sign', 'Minimize the loss itself, not its negative')],
  };
}

/** Steps in which an error with its sign is seen to go beyond all targets. */
const STEPS_OF_ERRORS = 20;

/** What is minimized is the mean of answers less targets, or of targets less answers: errors that cancel, and have no least value. */
function signedError(run: Run): Symptom | null {
  const [call] = run.losses;
  if (call?.loss !== 'difference' || isAdversarial(run) || run.stepCount < STEPS_OF_ERRORS) return null;
  if (run.losses.some(({ loss }) => loss !== 'difference')) return null;
  const range = (call.greatestTarget ?? Number.NaN) - (call.leastTarget ?? Number.NaN);
  const last = recentLoss(run);
  if (!(last < -range && last < run.firstLoss)) return null;
  return {
    ...common(run, call),
    cause: 'signed-error',
    evidence: `What is minimized is the mean difference of answers and targets, with its sign: it has no least value, and after ${run.stepCount} steps is ${number(last)}, beyond all that targets range over (${number(range)}).`,
    remedies: [remedy('square', 'Take the square or the magnitude of each difference')],
  };
}

/** Steps in which a likelihood is seen to fall, at first between these shares of ln 1/C, and to so many times that. */
const STEPS_OF_LIKELIHOOD = 20;
const AS_FROM_NOTHING = { least: 0.5, most: 1.5 };
const LESS_LIKELY = 1.5;
/** What picks the logarithm of one class, and sums up; nothing that changes a sign. */
const PICKING: ReadonlySet<string> = new Set([...SHAPING, 'mul', 'gather', 'sum', 'mean']);

/** Written by hand: the mean logarithm of the probability of what is right, which is to grow, is made smaller. */
function likelihood(run: Run): Symptom | null {
  if (run.losses.length > 0 || isAdversarial(run) || run.stepCount < STEPS_OF_LIKELIHOOD) return null;
  const at = run.operations.findLastIndex(({ operation }) => operation === 'logSoftmax');
  const after = run.operations.slice(at + 1);
  if (at < 0 || after.length === 0 || !after.every(({ operation }) => PICKING.has(operation))) return null;
  // Where the shape of what it gives isn't known (PyTorch 1), that of what it was given is.
  const classes =
    run.operations
      .slice(0, at + 1)
      .findLast(({ shape }) => shape.length > 0)
      ?.shape.at(-1) ?? 0;
  const share = -run.firstLoss / Math.log(classes);
  if (!(share > AS_FROM_NOTHING.least && share < AS_FROM_NOTHING.most)) return null;
  const last = Math.min(...lossesOf(run).filter(Number.isFinite));
  if (!(last < LESS_LIKELY * run.firstLoss)) return null;
  return {
    ...common(run, { site: after[after.length - 1].site, step: run.history.steps[0].step, layer: null }),
    evidence: `What is minimized is the logarithm of probabilities itself, and falls from ${number(run.firstLoss)} (ln 1/${classes} = ${number(-Math.log(classes))}) to ${number(last)}: what is right becomes less and less likely.`,
    remedies: [remedy('sign', 'Minimize the negative of it')],
  };
}

/** Of a mean, or of a sum. */
const isNegative = (loss: number, { value, rows }: LossFrame): boolean =>
  [1, rows].some((times) => Math.abs(loss + (value ?? 0) * times) <= TOLERANCE * (value ?? 0) * times);

/** An optimizer that is told to go uphill, with a loss function's value. */
function uphill(run: Run): Symptom | null {
  const optimizer = [...run.optimizers.values()].find(({ settings }) => settings.maximize === 1);
  const [call] = run.losses;
  if (!optimizer || !call || isAdversarial(run)) return null;
  if (!(call.value !== null && Math.abs(run.firstLoss - call.value) <= TOLERANCE * Math.abs(call.value))) return null;
  return {
    ...common(run, call),
    ...aboutLayers(run, [], optimizer.site),
    evidence: `${optimizer.type} is told to maximize, and what it maximizes is a loss: ${nameOf(call)}, ${number(run.firstLoss)} at first.`,
    remedies: [remedy('sign', 'Leave maximize out: a loss is to be minimized')],
  };
}

const common = (run: Run, { site, step, layer }: Pick<LossFrame, 'site' | 'step' | 'layer'>) =>
  ({
    id: 'wrong-loss-scale',
    severity: 'error',
    strength: 'strong',
    ...aboutLayers(run, [layer], site),
    step,
    cause: 'wrong-sign',
  }) as const;
