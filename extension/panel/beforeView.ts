import { diffArrays } from 'diff';
import { STEPS_TO_SETTLE } from '../../engine/diagnose/life.ts';
import { titleOf } from '../../engine/diagnose/titles.ts';
import { gradientNorm, type LayerGroup, layerGroups } from '../../engine/run/groups.ts';
import type { BeforeView } from '../../webview/protocol.ts';
import type { Session } from '../runs/session.ts';
import { thinned } from './thinned.ts';

/** What the panel shows of the run before a remedy, beside this one; null where there is none. */
export function beforeView(session: Session, groups: readonly LayerGroup[]): BeforeView | null {
  const { before } = session;
  if (!before) return null;
  const steps = thinned(before.run.history.steps);
  const earlier = sameLayers(layerGroups(before.run), groups);
  return {
    remedy: before.remedy,
    finding: titleOf(before.finding.id),
    outcome: outcomeOf(session),
    steps: before.run.stepCount,
    history: { step: Float64Array.from(steps, (s) => s.step), loss: Float32Array.from(steps, (s) => s.loss) },
    gradientNorm: Float32Array.from(groups, (now) => {
      const group = earlier.get(now);
      return group ? gradientNorm(before.run, 'latest', group) : Number.NaN;
    }),
  };
}

/** By layers of this run, those they were before. Remedies put layers between others and around them, which changes names. */
function sameLayers(before: readonly LayerGroup[], now: readonly LayerGroup[]): ReadonlyMap<LayerGroup, LayerGroup> {
  const same = new Map<LayerGroup, LayerGroup>();
  let [i, j] = [0, 0];
  for (const { added, removed, count } of diffArrays(before.map(kindOf), now.map(kindOf))) {
    if (!added && !removed) for (let k = 0; k < count; k++) same.set(now[j + k], before[i + k]);
    if (!added) i += count;
    if (!removed) j += count;
  }
  return same;
}

const kindOf = ({ type, parameters }: LayerGroup) =>
  `${type} ${parameters.map(({ shape }) => shape.join('×')).join(', ')}`;

/** A finding takes as many steps to show as it did before. */
function outcomeOf({ before, findings, run, status }: Session): BeforeView['outcome'] {
  const wanted = before?.finding;
  if (findings.some(({ id }) => id === wanted?.id)) return 'there';
  if (status === 'failed') return 'failed';
  const enough = run.stepCount >= (wanted?.step ?? 0) + STEPS_TO_SETTLE;
  return enough || (run.end && run.stepCount > 0) ? 'cured' : 'waiting';
}
