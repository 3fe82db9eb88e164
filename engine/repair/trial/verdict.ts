import type { Trial } from '../../diagnose/finding.ts';
import { number } from '../../diagnose/phrases.ts';
import type { Proposal } from '../propose.ts';
import { boschloo } from './exact.ts';
import type { Outcome } from './outcome.ts';

/** The level at which a remedy is proven, against each of the two controls by itself. */
export const LEVEL = 0.05;
/** By so much may the loss be above that of the unchanged script. */
const WORSE = 0.05;

/** A proposal and what trying it has shown. */
export interface TriedProposal extends Proposal {
  readonly trial: Trial;
}

/** The outcomes of both controls. */
export interface Controls {
  readonly nothing: readonly Outcome[];
  readonly random: readonly Outcome[];
}

const cured = (outcomes: readonly Outcome[]) => outcomes.filter((outcome) => outcome.cured).length;

/** p against the control that cures more; both are to be beaten, so it's the larger one that counts. */
const pOf = (remedy: { cured: number; of: number }, { nothing, random }: Controls): number =>
  Math.max(
    ...[nothing, random].map((control) =>
      boschloo({ a: remedy.cured, n: remedy.of, b: cured(control), m: Math.max(1, control.length) }),
    ),
  );

/** Whether a remedy would come out as proven if every further seed were cured. */
function canBeProven(outcomes: readonly Outcome[], controls: Controls, seeds: number): boolean {
  const best = cured(outcomes) + seeds - outcomes.length;
  return pOf({ cured: best, of: seeds }, controls) <= LEVEL;
}

/** All cured against none is proven with so many seeds, and not with fewer. */
function fewestSeeds(): number {
  let seeds = 1;
  while (boschloo({ a: seeds, n: seeds, b: 0, m: seeds }) > LEVEL) seeds++;
  return seeds;
}

/** No further seed can change what is said of a remedy. */
export const isDecided = (outcomes: readonly Outcome[], controls: Controls, seeds: number): boolean =>
  Math.min(controls.nothing.length, controls.random.length) === seeds &&
  // of so few that nothing can be proven, each is shown
  seeds >= fewestSeeds() &&
  !canBeProven(outcomes, controls, seeds);

/** `seeds`: as many as were asked for. */
export function judge(outcomes: readonly Outcome[], controls: Controls, seeds: number): Trial {
  const { nothing, random } = controls;
  const p = outcomes.length ? pOf({ cured: cured(outcomes), of: outcomes.length }, controls) : null;
  const [remedy, control] = [medianLoss(outcomes), medianLoss(nothing)];
  const worse = !(remedy <= control + WORSE * Math.abs(control)) && Number.isFinite(control);
  const gone = p !== null && p <= LEVEL;
  const proven = gone && !worse;
  const error = outcomes.find((outcome) => outcome.error !== null)?.error ?? null;
  const undecided = proven ? null : undecidable(outcomes, controls, seeds);
  return {
    seeds: outcomes.length,
    cured: cured(outcomes),
    control: cured(nothing),
    random: cured(random),
    controlSeeds: nothing.length,
    verdict: proven ? 'proven' : undecided ? 'untried' : 'did-not-help',
    p,
    // of a loss that nobody would compare, nothing is told
    loss: { remedy: outcomes.every(({ early }) => early) ? Number.NaN : remedy, control },
    note:
      error ??
      undecided ??
      (gone && worse
        ? `the finding is gone, but the loss is worse: ${number(remedy)} instead of ${number(control)}`
        : null),
  };
}

/** Why these seeds couldn't have proven even a remedy that always cures; null where they could. */
function undecidable(outcomes: readonly Outcome[], controls: Controls, seeds: number): string | null {
  if (canBeProven([], controls, seeds)) return null; // as many cures as seeds would have done
  const by = Math.max(cured(controls.nothing), cured(controls.random));
  const fewest = fewestSeeds();
  if (seeds < fewest) {
    // what hasn't cured more than a control hasn't helped, whatever the number of seeds
    if (cured(outcomes) <= by) return null;
    return `so few seeds can prove nothing: it takes ${fewest} at least`;
  }
  return `the finding goes away by itself in ${by} of ${seeds} seeds, so nothing can be proven`;
}

function medianLoss(outcomes: readonly Outcome[]): number {
  const losses = outcomes.map(({ loss }) => (Number.isNaN(loss) ? Infinity : loss)).sort((a, b) => a - b);
  return losses[losses.length >> 1] ?? Number.NaN;
}

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
    loss: { remedy: Number.NaN, control: Number.NaN },
    note,
  },
});

const ORDER: readonly Trial['verdict'][] = ['proven', 'untried', 'did-not-help'];

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
