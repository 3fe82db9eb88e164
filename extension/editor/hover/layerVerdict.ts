import type { Finding, FindingId } from '../../../engine/diagnose/finding.ts';
import { titleOf } from '../../../engine/diagnose/titles.ts';
import { type LayerVerdict, verdictOf } from '../../../engine/diagnose/verdict.ts';
import type { LayerGroup } from '../../../engine/run/groups.ts';
import type { Run } from '../../../engine/run/run.ts';

export const VERDICTS: { readonly [K in LayerVerdict]: string } = {
  unknown: '',
  healthy: '$(check) healthy',
  concerned: '',
  vanishing: '$(warning) vanishing gradient',
  exploding: '$(warning) exploding gradient',
  'non-finite': '$(error) NaN or infinity',
};

/** The verdicts that are the names of findings. */
export const FINDINGS: { readonly [K in LayerVerdict]?: FindingId } = {
  vanishing: 'vanishing-gradient',
  exploding: 'exploding-gradient',
};

/** A layer that other findings name is told by their names. */
export function verdictText(run: Run, findings: readonly Finding[], group: LayerGroup): string {
  const verdict = verdictOf(run, findings, group);
  if (verdict !== 'concerned') return VERDICTS[verdict];
  const titles = findings
    .filter(({ layers }) => layers.includes(group.name))
    .map(({ id }) => titleOf(id).toLowerCase());
  return `$(warning) ${[...new Set(titles)].join(', ')}`;
}
