import type { LossFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { isAdversarial } from './adversarial.ts';
import { median } from './median.ts';

/** What is known of all calls of a step, as a sum; NaN if of one it isn't. */
export const sumOf = (calls: readonly LossFrame[], of: (call: LossFrame) => number | null): number =>
  calls.reduce((sum, call) => sum + (of(call) ?? Number.NaN), 0);

/** What the loss of a step is: so many times the sum of what its loss functions gave, and so much more. */
interface Meaning {
  readonly factor: number;
  readonly offset: number;
}

const NOT_TOLD: Meaning = { factor: Number.NaN, offset: Number.NaN };
/** As a share: equal, but for rounding and what differs with the batch. */
const EQUAL = 0.01;
/** Steps that show a factor or an offset, and by how much what the functions gave must differ among them. */
const STEPS_TO_TELL = { least: 4, most: 16, spread: 0.03 };

/**
 * The step's loss is what the loss function gave (or the sum of what several gave); or, as the first steps show, a multiple of
 * it (a sum over samples, a weight), or that and a constant. What else is part of it can't be compared with anything.
 */
export function meaningOf(run: Run): Meaning {
  const [first] = run.losses;
  if (!first) return NOT_TOLD;
  const near = (a: number, b: number) => Math.abs(a - b) <= EQUAL * Math.abs(b);
  if (first.value !== null && near(first.value, run.firstLoss)) return { factor: 1, offset: 0 };
  if (isAdversarial(run)) return NOT_TOLD;
  const calls = Map.groupBy(run.losses, ({ step }) => step);
  const pairs = run.history.steps.slice(0, STEPS_TO_TELL.most).flatMap(({ step, loss }) => {
    const given = sumOf(calls.get(step) ?? [], ({ value }) => value);
    return given > 0 && Number.isFinite(loss) ? [{ given, loss }] : [];
  });
  const all = (holds: (pair: (typeof pairs)[number]) => boolean) => pairs.length > 0 && pairs.every(holds);
  if (all(({ given, loss }) => near(loss, given))) return { factor: 1, offset: 0 };
  const given = pairs.map((pair) => pair.given);
  const spread = (Math.max(...given) - Math.min(...given)) / median(given);
  if (pairs.length < STEPS_TO_TELL.least || !(spread > STEPS_TO_TELL.spread)) return NOT_TOLD;
  const factor = median(pairs.map(({ given, loss }) => loss / given));
  if (factor > 0 && all(({ given, loss }) => near(loss, factor * given))) return { factor, offset: 0 };
  const offset = median(pairs.map(({ given, loss }) => loss - given));
  return all(({ given, loss }) => Math.abs(loss - offset - given) <= EQUAL * given) ? { factor: 1, offset } : NOT_TOLD;
}
