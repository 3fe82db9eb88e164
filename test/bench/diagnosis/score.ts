import { median } from '../../../engine/diagnose/evidence/median.ts';
import type { Finding } from '../../../engine/diagnose/finding.ts';
import type { Variant } from './cases.ts';
import type { Label } from './label.ts';
import { alarmsOf, type Observation } from './observe.ts';

/** One run with what is known of it and what was said. */
export interface Case {
  readonly variant: Variant;
  readonly seed: number;
  readonly label: Label;
  readonly observation: Observation;
}

export interface Share {
  readonly hits: number;
  readonly of: number;
}

/** Of the cases that are meant, how many fulfil it. */
export const share = <T>(cases: readonly T[], holds: (one: T) => boolean): Share => ({
  hits: cases.filter(holds).length,
  of: cases.length,
});

/** Wilson's interval of a share, 95 %, as shares. */
export function wilson({ hits, of }: Share): readonly [low: number, high: number] {
  if (of === 0) return [0, 1];
  const z = 1.959964;
  const p = hits / of;
  const middle = (p + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2))) / (1 + z ** 2 / of);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** `finding-id` stands for every cause of it. */
export const isRightCause = (
  { causes }: Pick<Variant, 'causes'>,
  { id, cause }: Pick<Finding, 'id' | 'cause'>,
): boolean => causes.some((right) => right === id || right === `${id}/${cause}`);

/** Causes that aren't any: they say no more than that the run has failed. */
const NONE: readonly string[] = ['unfinished', 'stalled'];

/** What it says is so. */
export const isTrue = (
  { variant, label }: Pick<Case, 'variant' | 'label'>,
  finding: Pick<Finding, 'id' | 'cause'>,
): boolean => label === 'faulty' && (NONE.includes(finding.cause) || isRightCause(variant, finding));

/** Whether it can be told if what a first alarm says is so. */
export const isKnown = (
  { variant, label }: Pick<Case, 'variant' | 'label'>,
  { cause }: Pick<Finding, 'cause'>,
): boolean => label === 'healthy' || (label === 'faulty' && (variant.causes.length > 0 || NONE.includes(cause)));

export const isRightLine = ({ lines }: Pick<Variant, 'lines'>, { site }: Pick<Finding, 'site'>): boolean =>
  lines === null || (site !== null && lines.includes(site.line));

const firstAlarm = ({ observation }: Case): Finding | undefined => alarmsOf(observation.findings)[0];

export interface Scores {
  readonly recall: Share;
  readonly falseAlarms: Share;
  /** Of the hurt runs whose cause is known: the first alarm names it. */
  readonly rightCause: Share;
  /** Of those, where one line is to blame: the first alarm points to it. */
  readonly rightLine: Share;
  /** Medians over the hurt, and over all. */
  readonly stepsUntilSaid: number;
  readonly stepsUntilSettled: { readonly faulty: number; readonly all: number };
  /** `gradlens diagnose` stops early with the first alarm that the whole run gives. */
  readonly sameWhenSettled: Share;
}

export function scoresOf(cases: readonly Case[]): Scores {
  const faulty = cases.filter(({ label }) => label === 'faulty');
  const healthy = cases.filter(({ label }) => label === 'healthy');
  const known = faulty.filter(({ variant }) => variant.causes.length > 0);
  const right = (one: Case) => {
    const alarm = firstAlarm(one);
    return alarm !== undefined && isRightCause(one.variant, alarm);
  };
  const detected = faulty.filter((one) => firstAlarm(one) !== undefined);
  return {
    recall: share(faulty, (one) => firstAlarm(one) !== undefined),
    falseAlarms: share(healthy, (one) => firstAlarm(one) !== undefined),
    rightCause: share(known, right),
    rightLine: share(
      known.filter((one) => one.variant.lines !== null && right(one)),
      (one) => isRightLine(one.variant, firstAlarm(one) as Finding),
    ),
    stepsUntilSaid: median(detected.map(({ observation }) => observation.standsFrom ?? observation.steps)),
    stepsUntilSettled: {
      faulty: median(faulty.map(({ observation }) => observation.settled.step)),
      all: median([...faulty, ...healthy].map(({ observation }) => observation.settled.step)),
    },
    sameWhenSettled: share(
      [...faulty, ...healthy],
      (one) => alarmsOf(one.observation.settled.findings)[0]?.id === firstAlarm(one)?.id,
    ),
  };
}

/** A share, every program counting as one however many variants it has; and the program for which it is least or greatest. */
export interface OverPrograms {
  readonly mean: number;
  readonly worst: { readonly program: string; readonly share: Share };
}

/** Of programs for which it is known at all; null if of none. */
export function overPrograms(
  cases: readonly Case[],
  which: (scores: Scores) => Share,
  worst: 'least' | 'greatest',
): OverPrograms | null {
  const all = [...Map.groupBy(cases, ({ variant }) => variant.program)]
    .map(([program, own]) => ({ program, share: which(scoresOf(own)) }))
    .filter(({ share: { of } }) => of > 0)
    .map((one) => ({ ...one, value: one.share.hits / one.share.of }))
    .sort((a, b) => (worst === 'least' ? a.value - b.value : b.value - a.value));
  if (all.length === 0) return null;
  const [{ program, share: worstShare }] = all;
  return {
    mean: all.reduce((sum, { value }) => sum + value, 0) / all.length,
    worst: { program, share: worstShare },
  };
}

/** What a case should be called, by the first of its causes. */
export const wanted = ({ label, variant }: Case): string =>
  label === 'healthy' ? 'healthy' : (variant.causes[0]?.split('/')[0] ?? 'no known cause');

/** How often each first alarm was given for each right answer; any of several right causes counts as the first. */
export function confusion(cases: readonly Case[]): Map<string, Map<string, number>> {
  const table = new Map<string, Map<string, number>>();
  for (const one of cases) {
    if (one.label === 'unclear') continue;
    const alarm = firstAlarm(one);
    const row = wanted(one);
    const accepted = one.label === 'faulty' && alarm !== undefined && isRightCause(one.variant, alarm);
    const column = accepted ? row : (alarm?.id ?? 'nothing');
    const counts = table.get(row) ?? new Map<string, number>();
    counts.set(column, (counts.get(column) ?? 0) + 1);
    table.set(row, counts);
  }
  return table;
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly said: number;
  readonly right: Share;
}

const EDGES = [0, 0.7, 0.8, 0.88, 0.94, 0.985, 1.0001];

/** Of the first alarms in scored cases: how sure they were, and how many were right, as far as that is known. */
export function calibration(cases: readonly Case[]): Bin[] {
  const alarms = cases.flatMap((one) => {
    const alarm = firstAlarm(one);
    return alarm && isKnown(one, alarm) ? [{ confidence: alarm.confidence, right: isTrue(one, alarm) }] : [];
  });
  return EDGES.slice(1).flatMap((to, i) => {
    const inside = alarms.filter(({ confidence }) => confidence >= EDGES[i] && confidence < to);
    if (inside.length === 0) return [];
    const said = inside.reduce((sum, { confidence }) => sum + confidence, 0) / inside.length;
    return [{ from: EDGES[i], to: Math.min(1, to), said, right: share(inside, ({ right }) => right) }];
  });
}
