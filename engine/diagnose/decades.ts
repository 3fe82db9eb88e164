import type { StepFrame } from '../run/frame.ts';
import type { LayerGroup } from '../run/groups.ts';
import { gradientNorm, layerGroups } from '../run/groups.ts';
import type { Run } from '../run/run.ts';

/** The gradient of every layer of a model at one step, in order of depth. */
export interface Profile {
  readonly step: StepFrame;
  /** L2 norm of each layer's gradient. */
  readonly norms: readonly number[];
  /** Root mean square of each layer's gradient, so that layers of different sizes compare. */
  readonly rms: readonly number[];
}

/** The layers among which a gradient can grow or shrink: those of a model. Loose tensors have no depth. */
export const deepGroups = (run: Run): LayerGroup[] => layerGroups(run).filter((group) => group.layer !== null);

export function profile(run: Run, step: StepFrame, groups: readonly LayerGroup[]): Profile {
  const norms = groups.map((group) => gradientNorm(run, step, group));
  return { step, norms, rms: norms.map((norm, i) => norm / Math.sqrt(groups[i].size)) };
}

/** At most this many steps are looked at, however long the run is. */
const RECENT = 24;
const EARLIER = 40;

/** The steps that rules look at: the latest ones all, the earlier ones evenly spread, always the first. */
export function stepsToExamine(run: Run): StepFrame[] {
  const { steps } = run.history;
  const earlier = Math.max(0, steps.length - RECENT);
  const stride = Math.max(1, Math.ceil(earlier / EARLIER));
  return steps.filter((_, i) => i >= earlier || i % stride === 0);
}

/** The share of the first loss that has been won since, in (−∞, 1]; NaN without a loss. */
export function improvement(run: Run): number {
  return (run.firstLoss - run.bestLoss) / Math.abs(run.firstLoss);
}
