import { diagnose } from '../../engine/diagnose/diagnose.ts';
import type { Finding } from '../../engine/diagnose/finding.ts';
import type { Edit } from '../../engine/repair/edit.ts';
import { attempt } from '../../engine/repair/propose.ts';
import type { Context } from '../../engine/repair/remedies/remedy.ts';
import { sourceRemedies } from '../../engine/repair/remedies.ts';
import { Source } from '../../engine/repair/source/source.ts';
import type { Run } from '../../engine/run/run.ts';

const FINDING: Context['finding'] = {
  id: 'vanishing-gradient',
  cause: '',
  parameters: [],
  layers: [],
  sites: [],
  site: null,
};

export interface Outcome {
  readonly edit: Edit | null;
  readonly reason: string | null;
  readonly said?: string | undefined;
  /** The text with the edit made; as it was where there's none. */
  readonly after: string;
}

/** What a remedy makes of a text. */
export function remedied(
  id: string,
  file: string,
  text: string,
  finding: Partial<Context['finding']> = {},
): Promise<Outcome> {
  const remedy = sourceRemedies.find((other) => other.id === id);
  if (!remedy) throw new Error(`There is no remedy ${id}.`);
  return Source.using(new Map([[file, text]]), (sources) => {
    const outcome = attempt(remedy, { finding: { ...FINDING, ...finding }, sources, run: null });
    return { ...outcome, after: outcome.edit?.texts.get(file)?.after ?? text };
  });
}

/** The finding of an id in a run; fails if it isn't there. */
export function findingOf(run: Run, id: Finding['id']): Finding {
  const finding = diagnose(run).find((other) => other.id === id);
  if (!finding) throw new Error(`no ${id}: ${run.error?.message ?? JSON.stringify(run.end)}`);
  return finding;
}
