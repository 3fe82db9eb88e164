import type { FindingId } from '../../../engine/diagnose/finding.ts';
import type { LivingFinding } from '../../../engine/diagnose/life.ts';
import { titleOf } from '../../../engine/diagnose/titles.ts';
import type { Session } from '../../runs/session.ts';

/** How far a finding has come, in words that follow its name; empty where the name says it all. */
export function stageText({ stage, seen }: LivingFinding): string {
  if (stage === 'cured') return `cured at step ${seen}`;
  return stage === 'suspected' || stage === 'recurring' ? stage : '';
}

/**
 * The findings of some layers in a hover, those that are cured too, one after the other. Null where there are none.
 * `told`: one that is told already; it's left out where there's nothing to add.
 */
export function findingsText({ living }: Session, layers: readonly string[], told?: FindingId): string | null {
  const own = living.filter(
    (life) =>
      life.finding.layers.some((name) => layers.includes(name)) &&
      !(life.finding.id === told && stageText(life) === ''),
  );
  if (own.length === 0) return null;
  return own
    .map((life) => {
      const text = stageText(life);
      return `${life.stage === 'cured' ? '$(pass)' : '$(warning)'} ${titleOf(life.finding.id)}${text && `: ${text}`}`;
    })
    .join(' · ');
}
