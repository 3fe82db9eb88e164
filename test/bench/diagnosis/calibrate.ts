/**
 * How sure a finding should be: how often the first alarms of its kind were right on the tuning part, a program with many
 * variants counting as one. Rules are fitted to that part, so what they say of it flatters: it weighs half as much as what
 * former rules had said of variants that they hadn't seen (`onceUnseen.csv`: of seven former reporting parts). Held against the
 * second of these, confidences by the first alone said 0.83 where 0.84 was right; with the weights the other way round, 0.89.
 * A kind of few programs is drawn towards what is more general; how much, is decided by what was unseen, leaving out each
 * program in turn.
 */
import fs from 'node:fs';
import path from 'node:path';
import { kindsOf } from '../../../engine/diagnose/calibration.ts';
import { alarmsOf } from './observe.ts';
import { type Case, isKnown, isTrue } from './score.ts';

/** A first alarm. */
interface Alarm {
  readonly program: string;
  readonly kinds: readonly string[];
  readonly right: boolean;
  readonly weight: number;
}

/** So many programs' worth what is more general counts; by Laplace's rule of succession two at the least. */
const PRIORS = [2, 4, 8, 16];

const FITTED = 0.5;
const UNSEEN = 1;

const NOTHING_KNOWN = 0.5;

const ONCE_UNSEEN = path.join(import.meta.dirname, 'onceUnseen.csv');
const FILE = path.join(import.meta.dirname, '../../../engine/diagnose/confidences.ts');

export const alarmsIn = (cases: readonly Case[]): Alarm[] =>
  cases.flatMap((one) => {
    const [alarm] = alarmsOf(one.observation.symptoms);
    if (!alarm || !isKnown(one, alarm)) return [];
    return [{ program: one.variant.program, kinds: kindsOf(alarm), right: isTrue(one, alarm), weight: FITTED }];
  });

/** First alarms of former rules on variants that they hadn't been tuned on, from when those were looked at. */
export function alarmsOnceUnseen(): Alarm[] {
  const [, ...rows] = fs.readFileSync(ONCE_UNSEEN, 'utf8').trim().split('\n');
  return rows.flatMap((row) => {
    const [program, kind, right, of] = row.split(',');
    const [id, cause] = kind.split('/');
    const kinds = ['', id, `${id}/${cause}`, kind];
    return Array.from({ length: Number(of) }, (_, i) => ({ program, kinds, right: i < Number(right), weight: UNSEEN }));
  });
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Share of right ones, and how much it weighs: as much as the weightiest of them, however many there are. */
function ofProgram(alarms: readonly Alarm[]): { readonly share: number; readonly weight: number } {
  const weights = alarms.map(({ weight }) => weight);
  const right = sum(alarms.map(({ right, weight }) => (right ? weight : 0)));
  return { share: right / sum(weights), weight: Math.max(...weights) };
}

/** By kind; `prior` as above. */
export function confidencesOf(alarms: readonly Alarm[], prior: number): Map<string, number> {
  const confidences = new Map<string, number>();
  for (const { kinds } of alarms) {
    for (const [level, kind] of kinds.entries()) {
      if (!confidences.has(kind)) confidences.set(kind, confidenceOf(alarms, kinds, level, prior));
    }
  }
  return confidences;
}

/** Drawn towards what the more general kind has without it, so that nothing counts twice. */
function confidenceOf(alarms: readonly Alarm[], kinds: readonly string[], level: number, prior: number): number {
  const own = alarms.filter((alarm) => alarm.kinds[level] === kinds[level]);
  const programs = [...Map.groupBy(own, ({ program }) => program).values()].map(ofProgram);
  const right = sum(programs.map(({ share, weight }) => share * weight));
  const all = sum(programs.map(({ weight }) => weight));
  if (level === 0) return all === 0 ? NOTHING_KNOWN : right / all;
  const others = alarms.filter((alarm) => alarm.kinds[level] !== kinds[level]);
  return (right + prior * confidenceOf(others, kinds, level - 1, prior)) / (all + prior);
}

/** What alarms are said with by confidences that know nothing of their program. */
export function saidWithout(
  alarms: readonly Alarm[],
  prior: number,
): { said: number; right: boolean; unseen: boolean }[] {
  return [...Map.groupBy(alarms, ({ program }) => program)].flatMap(([program, own]) => {
    const others = confidencesOf(
      alarms.filter((alarm) => alarm.program !== program),
      prior,
    );
    return own.map(({ kinds, right, weight }) => {
      const kind = kinds.findLast((one) => others.has(one)) ?? '';
      return { said: others.get(kind) ?? NOTHING_KNOWN, right, unseen: weight === UNSEEN };
    });
  });
}

/** Mean surprise at what was right, in nats (Good 1952): it tells 0.99 from 0.9 where a squared difference hardly does. */
const surprise = (told: readonly { said: number; right: boolean }[]): number =>
  mean(told.map(({ said, right }) => -Math.log(right ? said : 1 - said)));

/** Writes the confidences; gives lines that tell how good they are for a program that they don't know. */
export function calibrate(cases: readonly Case[]): string[] {
  const alarms = [...alarmsIn(cases), ...alarmsOnceUnseen()];
  const ofUnseen = (prior: number) => saidWithout(alarms, prior).filter(({ unseen }) => unseen);
  const scores = PRIORS.map((prior) => ({ prior, score: surprise(ofUnseen(prior)) }));
  const { prior } = scores.reduce((a, b) => (b.score < a.score ? b : a));
  const confidences = [...confidencesOf(alarms, prior)].sort(([a], [b]) => (a < b ? -1 : 1));
  fs.writeFileSync(
    FILE,
    [
      '/**',
      ' * How often a first alarm of a kind (`id/cause/strength of the evidence`, or more general) was right on the tuning part of',
      ' * the benchmark. Made by `npm run bench:diagnosis -- --calibrate`, and not by hand.',
      ' */',
      'export const CONFIDENCES: { readonly [kind: string]: number } = {',
      ...confidences.map(
        ([kind, value]) => `  ${/^\w+$/.test(kind) ? kind : `'${kind}'`}: ${Number(value.toFixed(3))},`,
      ),
      '};',
      '',
    ].join('\n'),
  );
  return [
    ...scores.map((one) => `prior ${one.prior}: surprise ${one.score.toFixed(4)}`),
    ...[0, 0.5, 0.7, 0.8, 0.9, 0.95].map((from, i, all) => {
      const inside = ofUnseen(prior).filter(({ said }) => said >= from && said < (all[i + 1] ?? 2));
      return `${from}: ${inside.length} alarms, said ${mean(inside.map(({ said }) => said)).toFixed(3)}, right ${mean(inside.map(({ right }) => Number(right))).toFixed(3)}`;
    }),
  ];
}
