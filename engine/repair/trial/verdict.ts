import type { FindingId, Trial } from '../../diagnose/finding.ts';
import { number } from '../../diagnose/phrases.ts';
import type { Proposal } from '../propose.ts';
import { boschloo } from './exact.ts';
import type { Outcome } from './outcome.ts';
import { rankSum } from './rankSum.ts';

/** The level of every test that a proof needs. All must be passed, so it's the level of the proof (Berger 1982). */
export const LEVEL = 0.05;
/**
 * So far apart, as a share, losses count as different: no further may a remedy's be above, so far a better one is below,
 * and that of a model that learns is so far below a constant answer's.
 */
const MARGIN = 0.05;

/** Findings that mean that a model learns little: what takes them away and no more has done nothing. */
const MEANS_LITTLE_LEARNED: ReadonlySet<FindingId> = new Set(['loss-plateau', 'learning-rate-low']);

/** A proposal and what trying it has shown. */
export interface TriedProposal extends Proposal {
  readonly trial: Trial;
}

/** The outcomes of both controls. */
export interface Controls {
  readonly nothing: readonly Outcome[];
  readonly random: readonly Outcome[];
}

/** What a trial is to answer. */
export interface Question {
  readonly finding: FindingId;
  /** As many as were asked for, of each arm. */
  readonly seeds: number;
  /** What the loss measures is another thing with the remedy: it isn't held against the controls', but has to be learned. */
  readonly redefinesLoss?: boolean;
}

const cured = (outcomes: readonly Outcome[]) => outcomes.filter((outcome) => outcome.cured).length;

/** It has learned, or it can't be told that it hasn't. */
const hasLearned = ({ learned }: Outcome): boolean => !(learned < MARGIN);

/** Higher than any other where there's none. */
const lossesOf = (outcomes: readonly Outcome[]) => outcomes.map(({ loss }) => (Number.isNaN(loss) ? Infinity : loss));

/** p against the control that does better; both are to be beaten, so it's the larger one that counts. */
const against = ({ nothing, random }: Controls, p: (control: readonly Outcome[]) => number): number =>
  Math.max(...[nothing, random].map(p));

/** Of runs that count as cured by `count`. */
const curesP = (remedy: { cured: number; of: number }, controls: Controls, count = cured): number =>
  against(controls, (control) =>
    boschloo({ a: remedy.cured, n: remedy.of, b: count(control), m: Math.max(1, control.length) }),
  );

const lossesP = (losses: readonly number[], controls: Controls): number =>
  against(controls, (control) => rankSum(losses, lossesOf(control)));

/** Whether a median is lower than both controls', and not by next to nothing. */
const isLower = (loss: number, { nothing, random }: Controls): boolean =>
  [nothing, random]
    .map(medianLoss)
    .every((control) => loss < control - (Number.isFinite(control) ? MARGIN * Math.abs(control) : 0));

/** The script as it is doesn't learn, in most seeds, so a remedy has to make it. */
const mustLearn = ({ finding }: Question, { nothing }: Controls): boolean =>
  MEANS_LITTLE_LEARNED.has(finding) || 2 * nothing.filter(hasLearned).length < nothing.length;

/** Losses of both are of the same kind, and the remedy's have to be lower. */
const mustBeLower = (question: Question, controls: Controls): boolean =>
  !question.redefinesLoss && mustLearn(question, controls);

/**
 * Losses are held against each other by their ranks. Of those with nothing changed that mostly aren't finite, ranks tell what
 * the cures tell already, and one random change that has cured its seed by chance would hide it.
 */
const mustRankLower = (question: Question, controls: Controls): boolean =>
  mustBeLower(question, controls) && Number.isFinite(medianLoss(controls.nothing));

/** How to count what a remedy is for: where it's to make a model learn, a run without the finding that hasn't is no cure. */
const countFor = (question: Question, controls: Controls): ((outcomes: readonly Outcome[]) => number) =>
  question.redefinesLoss || mustLearn(question, controls) ? (outcomes) => cured(outcomes.filter(hasLearned)) : cured;

/** The largest p of what is to be shown, were `further` seeds all cured, with the lowest losses. */
function pOf(outcomes: readonly Outcome[], controls: Controls, question: Question, further = 0): number {
  const count = countFor(question, controls);
  const cures = { cured: count(outcomes) + further, of: outcomes.length + further };
  const lowest = Array.from({ length: further }, () => Number.NEGATIVE_INFINITY);
  return Math.max(
    curesP(cures, controls, count),
    mustRankLower(question, controls) ? lossesP([...lossesOf(outcomes), ...lowest], controls) : 0,
  );
}

/** Whether a remedy would come out as proven if every further seed were cured. */
const canBeProven = (outcomes: readonly Outcome[], controls: Controls, question: Question): boolean =>
  pOf(outcomes, controls, question, question.seeds - outcomes.length) <= LEVEL;

/** All better than none is proven with so many seeds, and not with fewer. */
function fewestSeeds(): number {
  let seeds = 1;
  while (boschloo({ a: seeds, n: seeds, b: 0, m: seeds }) > LEVEL) seeds++;
  return seeds;
}

/** No further seed can change what is said of a remedy. */
export const isDecided = (outcomes: readonly Outcome[], controls: Controls, question: Question): boolean =>
  Math.min(controls.nothing.length, controls.random.length) === question.seeds &&
  // of so few that nothing can be proven, each is shown
  question.seeds >= fewestSeeds() &&
  !canBeProven(outcomes, controls, question);

export function judge(outcomes: readonly Outcome[], controls: Controls, question: Question): Trial {
  const { nothing, random } = controls;
  const p = outcomes.length ? pOf(outcomes, controls, question) : null;
  const [remedy, control] = [medianLoss(outcomes), medianLoss(nothing)];
  // a loss that tells nothing isn't worse: one of two adversaries may well do better than before
  const tells = !question.redefinesLoss && !nothing.every(({ learned }) => Number.isNaN(learned));
  const worse = tells && Number.isFinite(control) && !(remedy <= control + MARGIN * Math.abs(control));
  const cures = { cured: cured(outcomes), of: outcomes.length };
  // of one that is decided early, few seeds are known
  const always = cures.cured === cures.of && outcomes.length > 1;
  const gone = outcomes.length > 0 && (always || curesP(cures, controls) <= LEVEL);
  const learns = countFor(question, controls)(outcomes) === cured(outcomes);
  const better = !mustBeLower(question, controls) || isLower(remedy, controls);
  const proven = p !== null && p <= LEVEL && !worse && better;
  const error = outcomes.find((outcome) => outcome.error !== null)?.error ?? null;
  const undecided = proven ? null : undecidable(outcomes, controls, question);
  const onlyCured = gone && !worse && !proven;
  const shown = proven ? 'proven' : onlyCured ? 'no-better' : 'did-not-help';
  return {
    seeds: outcomes.length,
    cured: cured(outcomes),
    control: cured(nothing),
    random: cured(random),
    controlSeeds: nothing.length,
    verdict: undecided ? 'untried' : shown,
    p,
    // of a loss that nobody would compare, nothing is told
    loss: {
      remedy: outcomes.every(({ early }) => early) ? Number.NaN : remedy,
      control,
      random: medianLoss(random),
    },
    note: error ?? undecided ?? (gone && !proven ? disappointment({ worse, learns, remedy, control }) : null),
  };
}

/** Why a finding that is gone isn't enough. */
function disappointment(of: { worse: boolean; learns: boolean; remedy: number; control: number }): string {
  const [remedy, control] = [number(of.remedy), number(of.control)];
  if (of.worse) return `the finding is gone, but the loss is worse: ${remedy} instead of ${control}`;
  if (!of.learns) return `the finding is gone, but the model hardly learns: the loss is ${remedy} in the end`;
  return `the finding is gone, but the loss is no better: ${remedy} instead of ${control}`;
}

/** Why these seeds couldn't have proven even a remedy that always cures; null where they could. */
function undecidable(outcomes: readonly Outcome[], controls: Controls, question: Question): string | null {
  const { seeds } = question;
  if (canBeProven([], controls, question)) return null; // as many cures as seeds would have done
  const count = countFor(question, controls);
  const by = Math.max(count(controls.nothing), count(controls.random));
  const fewest = fewestSeeds();
  if (seeds < fewest) {
    // what hasn't cured more than a control hasn't helped, whatever the number of seeds
    if (count(outcomes) <= by) return null;
    return `so few seeds can prove nothing: it takes ${fewest} at least`;
  }
  return `the finding goes away by itself in ${by} of ${seeds} seeds, so nothing can be proven`;
}

const medianLoss = (outcomes: readonly Outcome[]): number => {
  const losses = lossesOf(outcomes).sort((a, b) => a - b);
  return losses[losses.length >> 1] ?? Number.NaN;
};

export const untried = (proposal: Proposal, note: string | null): TriedProposal => ({
  ...proposal,
  trial: {
    seeds: 0,
    cured: 0,
    control: 0,
    random: 0,
    controlSeeds: 0,
    verdict: 'untried',
    p: null,
    loss: { remedy: Number.NaN, control: Number.NaN, random: Number.NaN },
    note,
  },
});

const ORDER: readonly Trial['verdict'][] = ['proven', 'no-better', 'untried', 'did-not-help'];

/** Losses of one power of ten are taken for alike. */
const decade = ({ trial: { loss } }: TriedProposal) =>
  Math.round(Math.log10(Math.max(Number.isNaN(loss.remedy) ? Infinity : loss.remedy, 1e-12)));

/** The proven first, the surest of them foremost, then those whose loss is another order of magnitude; then by size. */
export function ranked(proposals: readonly TriedProposal[]): TriedProposal[] {
  const size = ({ edit }: Proposal) => edit?.size ?? Number.MAX_SAFE_INTEGER;
  const rank = ({ edit, trial }: TriedProposal) => (edit ? ORDER.indexOf(trial.verdict) : ORDER.length);
  return proposals.toSorted(
    (a, b) =>
      rank(a) - rank(b) || (a.trial.p ?? 1) - (b.trial.p ?? 1) || compare(decade(a), decade(b)) || size(a) - size(b),
  );
}

/** Infinity and itself are equal. */
const compare = (a: number, b: number) => (a === b ? 0 : a - b);
