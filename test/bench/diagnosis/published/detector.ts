import type { Run } from '../../../../engine/run/run.ts';

/** A published tool that watches trainings, with the thresholds that it has by default. */
export interface Detector {
  readonly name: string;
  /** Those of its rules that could be had, as the tool calls them. */
  readonly rules: readonly string[];
  /** Names of the rules that alarm: pure functions of what is recorded of a run. */
  readonly alarms: (run: Run) => readonly string[];
}

/** One whose rules are for themselves; `prepare` gathers once what several of them look at. */
export function detector<Seen>(
  name: string,
  prepare: (run: Run) => Seen,
  rules: { readonly [name: string]: (seen: Seen) => boolean },
): Detector {
  const all = Object.entries(rules);
  const alarms = (run: Run) => {
    const seen = prepare(run);
    return all.filter(([, holds]) => holds(seen)).map(([rule]) => rule);
  };
  return { name, rules: all.map(([rule]) => rule), alarms };
}
