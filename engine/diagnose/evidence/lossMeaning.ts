import type { LossFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { isAdversarial } from './adversarial.ts';
import { leastSquares } from './leastSquares.ts';
import { median } from './median.ts';

/** What the loss of a step is: the sum of what its loss functions gave, each times its weight, and so much more. */
interface Meaning {
  /** By the order in which the functions are called. */
  readonly weight: (call: number) => number;
  readonly offset: number;
}

const times = (factor: number, offset = 0): Meaning => ({ weight: () => factor, offset });
const NOT_TOLD = times(Number.NaN, Number.NaN);

/** What is known of all calls of a step, as a part of that step's loss; NaN if of one it isn't. */
export const asLoss = (
  { weight, offset }: Meaning,
  calls: readonly LossFrame[],
  of: (call: LossFrame) => number | null,
): number => calls.reduce((sum, call, i) => sum + weight(i) * (of(call) ?? Number.NaN), offset);

/** As a share: equal, but for rounding and what differs with the batch. */
const EQUAL = 0.01;
/** Steps that show a factor or an offset, and by how much what the functions gave must differ among them. */
const STEPS_TO_TELL = { least: 4, most: 16, spread: 0.03 };
/** Equal but for rounding alone; so exactly weights have to fit, and on more steps than there are weights by so many. */
const EXACT = 1e-4;
const STEPS_BEYOND = 2;

/**
 * The step's loss is what the loss function gave (or the sum of what several gave); or, as the first steps show, a multiple of
 * it (a sum over samples, a weight), that and a constant, or a weighted sum. What else is part of it can't be compared with
 * anything.
 */
export function meaningOf(run: Run): Meaning {
  const meaning = shownAtFirst(run);
  return holdsLater(run, meaning) ? meaning : NOT_TOLD;
}

/** By so much, as a share of a later loss, what else is part of it may be: at first a divergence from a prior, say, is next to nothing. */
const APART = 0.1;

/** At the last step that was told of again, the loss is still what it was at first of what its functions give; true where none was. */
function holdsLater(run: Run, meaning: Meaning): boolean {
  const last = run.laterLosses[run.laterLosses.length - 1];
  const step = last && run.history.steps.findLast(({ step }) => step === last.step);
  if (!step || !Number.isFinite(step.loss)) return true;
  const calls = run.laterLosses.filter((call) => call.step === last.step);
  const first = run.losses.filter((call) => call.step === run.losses[0].step);
  if (calls.length !== first.length || calls.some(({ rows }, i) => rows !== first[i].rows)) return true;
  const made = asLoss(meaning, calls, ({ value }) => value);
  return !(Math.abs(step.loss - made) > APART * Math.abs(step.loss));
}

function shownAtFirst(run: Run): Meaning {
  const [first] = run.losses;
  if (!first) return NOT_TOLD;
  const near = (a: number, b: number) => Math.abs(a - b) <= EQUAL * Math.abs(b);
  if (first.value !== null && near(first.value, run.firstLoss)) return times(1);
  if (isAdversarial(run)) return NOT_TOLD;
  const calls = Map.groupBy(run.losses, ({ step }) => step);
  const steps = run.history.steps.slice(0, STEPS_TO_TELL.most).flatMap(({ step, loss }) => {
    const values = (calls.get(step) ?? []).map(({ value }) => value ?? Number.NaN);
    const given = values.reduce((a, b) => a + b, 0);
    return given > 0 && Number.isFinite(loss) ? [{ values, given, loss }] : [];
  });
  const all = (holds: (step: (typeof steps)[number]) => boolean) => steps.length > 0 && steps.every(holds);
  if (all(({ given, loss }) => near(loss, given))) return times(1);
  const sum = weighted(steps);
  if (sum) return sum;
  const given = steps.map((step) => step.given);
  const spread = (Math.max(...given) - Math.min(...given)) / median(given);
  if (steps.length < STEPS_TO_TELL.least || !(spread > STEPS_TO_TELL.spread)) return NOT_TOLD;
  const factor = median(steps.map(({ given, loss }) => loss / given));
  if (factor > 0 && all(({ given, loss }) => near(loss, factor * given))) return times(factor);
  const offset = median(steps.map(({ given, loss }) => loss - given));
  return all(({ given, loss }) => Math.abs(loss - offset - given) <= EQUAL * given) ? times(1, offset) : NOT_TOLD;
}

/** As many calls in every step, each with a weight of its own. */
function weighted(steps: readonly { readonly values: readonly number[]; readonly loss: number }[]): Meaning | null {
  const calls = steps[0]?.values.length ?? 0;
  if (calls < 2 || steps.length < calls + STEPS_BEYOND) return null;
  if (steps.some(({ values }) => values.length !== calls)) return null;
  const weights = leastSquares(
    steps.map(({ values }) => values),
    steps.map(({ loss }) => loss),
  );
  if (!weights?.every((weight) => weight > 0)) return null;
  const fits = steps.every(({ values, loss }) => {
    const made = values.reduce((sum, value, i) => sum + weights[i] * value, 0);
    return Math.abs(loss - made) <= EXACT * Math.abs(loss);
  });
  return fits ? { weight: (call) => weights[call], offset: 0 } : null;
}
