import type { LossFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { placeKey, type Site } from '../../site.ts';
import { isAdversarial } from './adversarial.ts';
import { constantOf, hasFloor, shareLearned } from './call.ts';

/** What of a run is late: from its middle on. */
const LATE = 0.5;

/** What the calls of a loss function at one place have come to, late in the run. */
export interface Term {
  readonly loss: string;
  readonly site: Site | null;
  /** Means over the calls that are known: what it gave, what a constant answer scores, the least there can be. */
  readonly value: number;
  readonly constant: number;
  readonly least: number;
  /** How much of what can be learned it shows to be, as `learned` of a whole loss. */
  readonly learned: number;
}

/** The terms of a loss, by their places in the text; none where they aren't known. */
export function termsOf(run: Run): Term[] {
  if (isAdversarial(run)) return [];
  const late = run.laterLosses.filter(({ step }) => step >= LATE * run.stepCount);
  return [...Map.groupBy(late, ({ loss, site }) => `${loss} ${placeKey(site)}`).values()].map(termOf);
}

function termOf(calls: readonly LossFrame[]): Term {
  const [{ loss, site }] = calls;
  const mean = (of: (call: LossFrame) => number | null) =>
    calls.reduce((sum, call) => sum + (of(call) ?? Number.NaN), 0) / calls.length;
  const value = mean((call) => call.value);
  const constant = calls.some(hasFloor) ? Number.NaN : mean(constantOf);
  const least = mean((call) => call.least ?? 0);
  return {
    loss,
    site,
    value,
    constant,
    least,
    learned: constant > least ? shareLearned(value, { constant, least }) : Number.NaN,
  };
}

/** Of all terms together, each counting by what it can come to; NaN where it can't be told of one. */
export function learnedOfTerms(terms: readonly Term[]): number {
  const sum = (of: (term: Term) => number) => terms.reduce((total, term) => total + of(term), 0);
  const all = sum(({ constant, least }) => (constant > least ? constant - least : Number.NaN));
  return all > 0 ? sum(({ constant, value }) => constant - value) / all : Number.NaN;
}

/** No better than a constant answer, within so much; another of the terms is better by so much. */
const NOTHING = 0.03;
const SOMETHING = 0.2;

/** A term that is no better than a constant answer's, while another is learned; undefined where there's none. */
export function stuckTerm(run: Run): Term | undefined {
  const terms = termsOf(run);
  return terms.some(({ learned }) => learned > SOMETHING) ? terms.find(({ learned }) => learned < NOTHING) : undefined;
}
