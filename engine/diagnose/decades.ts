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

/**
 * The layers among which a gradient can grow or shrink: those of one model, a list for each model (a generator and its
 * discriminator are two). Loose tensors have no depth.
 */
export function models(run: Run): LayerGroup[][] {
  const rootOf = (layer: number): number => {
    const { parent } = run.layers[layer];
    return parent === null ? layer : rootOf(parent);
  };
  const groups = layerGroups(run).filter((group) => group.layer !== null);
  return [...Map.groupBy(groups, (group) => rootOf(group.layer as number)).values()];
}

export function profile(run: Run, step: StepFrame, groups: readonly LayerGroup[]): Profile {
  const norms = groups.map((group) => gradientNorm(run, step, group));
  return { step, norms, rms: norms.map((norm, i) => norm / Math.sqrt(groups[i].size)) };
}

/**
 * Keeps what `compute` says of each step of a model: a step never changes, and rules look at the whole history again
 * and again as a run goes on.
 */
export function rememberByStep<T>(
  compute: (run: Run, step: StepFrame, groups: readonly LayerGroup[]) => T,
): (run: Run, step: StepFrame, groups: readonly LayerGroup[]) => T {
  const known = new WeakMap<StepFrame, Map<string, T>>();
  return (run, step, groups) => {
    let ofStep = known.get(step);
    if (!ofStep) {
      ofStep = new Map();
      known.set(step, ofStep);
    }
    const model = groups[0].name;
    if (!ofStep.has(model)) ofStep.set(model, compute(run, step, groups));
    return ofStep.get(model) as T;
  };
}

/** The share of the first loss that has been won since, in (−∞, 1]; NaN without a loss. */
export function improvement(run: Run): number {
  return (run.firstLoss - run.bestLoss) / Math.abs(run.firstLoss);
}
