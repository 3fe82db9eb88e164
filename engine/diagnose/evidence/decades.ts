import type { StepFrame } from '../../run/frame.ts';
import type { LayerGroup } from '../../run/groups.ts';
import { gradientNorm, layerGroups } from '../../run/groups.ts';
import { rememberByStep } from '../../run/remember.ts';
import type { Run } from '../../run/run.ts';

/** The gradient of every layer of a model at one step, in order of depth. */
export interface Profile {
  readonly step: StepFrame;
  /** L2 norm of each layer's gradient. */
  readonly norms: readonly number[];
  /** Root mean square of each layer's gradient, so that layers of different sizes compare. */
  readonly rms: readonly number[];
  /** The largest finite of those behind each layer (nearer to the loss), −Infinity where there is none. */
  readonly largestBehind: readonly number[];
  /** The smallest positive of them, Infinity where there is none. */
  readonly smallestBehind: readonly number[];
}

/**
 * The layers among which a gradient can grow or shrink: those of one model that have ever had one, a list for each model
 * (a generator and its discriminator are two). Loose tensors have no depth, nor has what a layer that is made of others holds
 * itself: it may be used anywhere, in the loss, too.
 */
export function models(run: Run): LayerGroup[][] {
  const rootOf = (layer: number): number => {
    const { parent } = run.layers[layer];
    return parent === null ? layer : rootOf(parent);
  };
  const parents = new Set(run.layers.map(({ parent }) => parent));
  const groups = layerGroups(run).filter(
    ({ layer, parameters }) =>
      layer !== null && !parents.has(layer) && parameters.some(({ id }) => run.stepsOf(id) > 0),
  );
  return [...Map.groupBy(groups, (group) => rootOf(group.layer as number)).values()];
}

export function profile(run: Run, step: StepFrame, groups: readonly LayerGroup[]): Profile {
  const norms = groups.map((group) => gradientNorm(run, step, group));
  const rms = norms.map((norm, i) => norm / Math.sqrt(groups[i].size));
  const [largestBehind, smallestBehind] = [new Array<number>(rms.length), new Array<number>(rms.length)];
  let [largest, smallest] = [-Infinity, Infinity];
  for (let i = rms.length - 1; i >= 0; i--) {
    largestBehind[i] = largest;
    smallestBehind[i] = smallest;
    if (Number.isFinite(rms[i])) largest = Math.max(largest, rms[i]);
    if (rms[i] > 0) smallest = Math.min(smallest, rms[i]);
  }
  return { step, norms, rms, largestBehind, smallestBehind };
}

/** Remembers what `compute` says of a model, given by its layers, at a step. */
export const rememberOfModel = <T>(compute: (run: Run, step: StepFrame, groups: readonly LayerGroup[]) => T) =>
  rememberByStep((groups: readonly LayerGroup[]) => groups[0].name, compute);

/** The share of the first loss that has been won since, in (−∞, 1]; NaN without a loss. */
export function improvement(run: Run): number {
  return (run.firstLoss - run.bestLoss) / Math.abs(run.firstLoss);
}
