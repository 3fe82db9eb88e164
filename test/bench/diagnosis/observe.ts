import fs from 'node:fs';
import { diagnose, examine, isSettled } from '../../../engine/diagnose/diagnose.ts';
import type { Finding, Symptom } from '../../../engine/diagnose/finding.ts';
import { FrameDecoder } from '../../../engine/run/codec.ts';
import { Run } from '../../../engine/run/run.ts';
import { type PublishedAlarms, publishedAlarms } from './published/published.ts';
import { printedOf } from './record.ts';

/** What became of one run, and what the rules say of it. */
export interface Observation {
  /** Of the trained model on data that it hasn't seen: 1 is perfect, 0 what knowing nothing gives. Null if never told. */
  readonly skill: number | null;
  /** The script's own error. */
  readonly error: string | null;
  readonly steps: number;
  /** At the end of the run. */
  readonly findings: readonly Finding[];
  /** The same, with the strength of their evidence. */
  readonly symptoms: readonly Symptom[];
  /** When `gradlens diagnose` would have stopped, and what it would have said. */
  readonly settled: { readonly step: number; readonly findings: readonly Finding[] };
  /** From this step on, the first alarm is the one of the end; null where there's none at the end. */
  readonly standsFrom: number | null;
  /** What published tools would say of the whole run. */
  readonly published: PublishedAlarms;
}

/** What counts as an alarm: the exit status says 1, Problems shows it as a problem. */
export const alarmsOf = <T extends Pick<Finding, 'severity'>>(findings: readonly T[]): T[] =>
  findings.filter(({ severity }) => severity !== 'information');

/** So often the diagnosis is asked, in steps. */
const EVERY = 10;

/** Replays a log, asking the diagnosis on the way; with an infinite `every`, at the end only. */
export function observe(log: string, every = EVERY): Observation {
  const run = new Run();
  let skill: number | null = null;
  let settled: Observation['settled'] | null = null;
  let standing: { readonly id: string | null; readonly since: number } = { id: null, since: 0 };
  for (const frame of new FrameDecoder().push(fs.readFileSync(log))) {
    run.apply(frame);
    if (frame.kind === 'output') skill = skillIn(frame.text) ?? skill;
    if (frame.kind !== 'step' || run.stepCount % every !== 0) continue;
    const findings = diagnose(run);
    const first = alarmsOf(findings)[0]?.id ?? null;
    if (first !== standing.id) standing = { id: first, since: run.stepCount };
    if (!settled && isSettled(run, findings)) settled = { step: run.stepCount, findings };
  }
  const printed = printedOf(log);
  if (fs.existsSync(printed)) skill ??= skillIn(fs.readFileSync(printed, 'utf8'));
  const findings = diagnose(run);
  const first = alarmsOf(findings)[0]?.id;
  return {
    skill,
    error: run.error?.message ?? null,
    steps: run.stepCount,
    findings,
    symptoms: examine(run),
    settled: settled ?? { step: run.stepCount, findings },
    standsFrom: first === undefined ? null : standing.id === first ? standing.since : run.stepCount,
    published: publishedAlarms(run),
  };
}

/** What the script prints at its end. A model that isn't finite knows less than nothing. */
export function skillIn(output: string): number | null {
  const told = /^skill (\S+)/m.exec(output)?.[1];
  if (told === undefined) return null;
  const skill = Number(told);
  return Number.isFinite(skill) ? skill : Number.NEGATIVE_INFINITY;
}
