import { median } from '../../diagnose/evidence/median.ts';
import { ratiosOf } from '../../diagnose/evidence/updates.ts';
import type { Node } from '../../source/parser.ts';
import type { Call } from '../source/dialect.ts';
import type { Optimizer } from '../source/loop.ts';
import { numberOf } from '../source/number.ts';
import { refuse } from '../source/refusal.ts';
import { replacement, type Source } from '../source/source.ts';
import { theOptimizer } from './optimizer.ts';
import type { Context, SourceRemedy } from './remedy.ts';

/** Multiplies the learning rate where it is written as a number; by how much may depend on the run. */
export const scaledRate = (
  id: string,
  title: string,
  factor: number | ((context: Context) => number),
): SourceRemedy => ({
  id,
  title,
  edit(context) {
    const optimizer = theOptimizer(context);
    const { source } = optimizer;
    const given = highestRate(optimizer);
    if (!given) return refuse('the learning rate is the optimizer’s default: give it one');
    const literal = writtenRate(context, source, given);
    const known = context.run?.sources.get(source.file);
    if (known !== undefined && !known.includes(`${literal.parent?.text}`))
      return refuse('the learning rate has been changed since the run');
    const by = typeof factor === 'number' ? factor : factor(context);
    const scaled = rounded(by * (numericValue(literal) || fromNothing(optimizer, by)));
    const edits = [replacement(literal, written(scaled, literal.text))];
    // what a cycle begins with isn't above what it goes up to
    const least = cycleOf(optimizer)?.named.get('baseLr');
    const low = least ? numberOf(source, least) : null;
    if (low && numericValue(low) > scaled)
      edits.push(replacement(low, written(rounded(numericValue(low) * by), low.text)));
    return [{ source, edits }];
  },
  say([{ source, edits }]) {
    const [{ start, end, newText }] = edits;
    const before = source.text.slice(start, end);
    return `${Number(newText) < Number(before) ? 'Lower' : 'Raise'} the learning rate from ${before} to ${newText}`;
  },
});

const rounded = (value: number) => Number(value.toPrecision(6));

/** Of a rate of 0 nothing comes by any factor: a tenth of what is usual is raised. */
function fromNothing({ call }: Optimizer, by: number): number {
  if (by < 1) return refuse('the learning rate is 0');
  return (DIVIDING.test(call.name) ? USUAL_ADAPTIVE_RATE : USUAL_RATE) / 10;
}

/** A schedule that goes up to a rate of its own, whatever the optimizer was given. */
const cycleOf = ({ source, name }: Optimizer): Call | undefined =>
  source.calls.find((call) => /^(?:OneCycleLR|CyclicLR)$/.test(call.name) && call.positional[0]?.text === name);

/** The highest that the text asks for: that of a cycle, or what the optimizer is given. */
function highestRate(optimizer: Optimizer): Node | undefined {
  const cycle = cycleOf(optimizer);
  const peak = cycle && (cycle.named.get('maxLr') ?? cycle.positional[cycle.name === 'CyclicLR' ? 2 : 1]);
  return peak ?? givenRate(optimizer.call);
}

/** The number that the text gives an optimizer as its rate. @throws Refusal where it gives none, or another one was used. */
export function writtenRate({ run }: Context, source: Source, given: Node): Node {
  const literal = numberOf(source, given);
  if (!literal) return refuse('the learning rate is not written as a number');
  const flag = flagsOf(literal).find((name) =>
    run?.start?.arguments.some((argument) => argument.split('=')[0] === name),
  );
  return flag ? refuse(`the learning rate is given on the command line, by ${flag}`) : literal;
}

/** Of the default in `parser.add_argument('--lr', default=0.1)`: how it's overridden. */
function flagsOf(literal: Node): string[] {
  const call = literal.parent?.parent?.parent?.text ?? '';
  return /\badd_argument\(/.test(call)
    ? [...call.matchAll(/["'](--?[A-Za-z][\w-]*)["']/g)].map(([, flag]) => flag)
    : [];
}

/** Updates of this share of the weights are usual (Karpathy); rates are changed by powers of ten. */
const USUAL_RATIO = 1e-3;
/** Optimizers that divide by the gradient's size, whose rate is the size of an update; theirs by default in PyTorch. */
const ADAPTIVE = /^(?:Adam|AdamW|Adamax|NAdam|RAdam|SparseAdam)$/;
const DIVIDING = /^(?:Adam|AdamW|Adamax|NAdam|RAdam|SparseAdam|RMSprop)$/;
export const USUAL_ADAPTIVE_RATE = 1e-3;
/** Of plain gradient descent. */
const USUAL_RATE = 1e-2;
const MOST_DECADES = 6;

/** How far the rate is from what is usual, in whole decades; 0 where that isn't known. */
function decadesTooLarge(context: Context): number {
  const { run } = context;
  const optimizer = theOptimizer(context);
  const rate = ADAPTIVE.test(optimizer.call.name) ? rateIn(optimizer) : null;
  // what a rate far too large did to the weights soon hides it in their ratio
  const by = rate
    ? rate / USUAL_ADAPTIVE_RATE
    : (run ? median(ratiosOf(run, run.history.steps.slice(0, 50))) : Number.NaN) / USUAL_RATIO;
  const decades = Math.round(Math.log10(by));
  return Number.isFinite(decades) ? Math.max(-MOST_DECADES, Math.min(MOST_DECADES, decades)) : 0;
}

function rateIn(optimizer: Optimizer): number | null {
  const given = highestRate(optimizer);
  const literal = given ? numberOf(optimizer.source, given) : null;
  return literal && numericValue(literal);
}

/** What an optimizer is given as its learning rate. */
export const givenRate = (call: Call): Node | undefined => call.named.get('lr') ?? call.positional[1];

const numericValue = (literal: Node): number => Number(literal.text.replaceAll('_', ''));

/** The rate is the finding, or what an adaptive optimizer's weights explode by. */
const BLAMES_RATE = new Set(['learning-rate-high', 'exploding-gradient', 'oscillating-loss', 'dead-units']);

function decadesToLower(context: Context): number {
  const { call } = theOptimizer(context);
  // Of plain gradient descent that has exploded, updates tell nothing of the rate.
  const told = context.finding.id === 'learning-rate-high' || ADAPTIVE.test(call.name);
  const decades = told && BLAMES_RATE.has(context.finding.id) ? decadesTooLarge(context) : 1;
  return Math.max(1, ADAPTIVE.test(call.name) ? decades : decades - 1);
}

export const lowerRate = scaledRate(
  'learning-rate',
  'Lower the learning rate',
  (context) => 10 ** -decadesToLower(context),
);

/** Where a rate goes all the way to what is usual for its optimizer, less may do; otherwise more. */
export const loweredOtherwise = scaledRate(
  'learning-rate-further',
  'Lower the learning rate by another power of ten',
  (context) => {
    const decades = decadesToLower(context);
    return 10 ** -(ADAPTIVE.test(theOptimizer(context).call.name) && decades > 1 ? decades - 1 : decades + 1);
  },
);

export const loweredFurthest = scaledRate(
  'learning-rate-furthest',
  'Lower the learning rate by two powers of ten more',
  (context) => 10 ** -(2 + decadesToLower(context)),
);

export const raisedRate = scaledRate(
  'raise-learning-rate',
  'Raise the learning rate',
  (context) => 10 ** Math.max(1, -decadesTooLarge(context)),
);

export const raisedFurther = scaledRate(
  'raise-learning-rate-further',
  'Raise the learning rate by a power of ten more',
  (context) => 10 ** (1 + Math.max(1, -decadesTooLarge(context))),
);

export const raisedFurthest = scaledRate(
  'raise-learning-rate-furthest',
  'Raise the learning rate by two powers of ten more',
  (context) => 10 ** (2 + Math.max(1, -decadesTooLarge(context))),
);

/** As numbers are written there: `1e-4` beside `1e-3`, `0.01` beside `0.1`. */
export const written = (value: number, like: string) =>
  /e/i.test(like) ? value.toExponential().replace('e+', 'e') : String(value);
