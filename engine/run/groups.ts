import type { Site } from '../site.ts';
import type { ParameterFrame, StepFrame } from './frame.ts';
import type { Run } from './run.ts';

/**
 * What the views call a layer: a module together with the parameters that are its own, or, without modules, a single
 * tensor. In order of depth, as executed on the way forward.
 */
export interface LayerGroup {
  readonly name: string;
  /** The module's class, or `tensor`. */
  readonly type: string;
  readonly description: string;
  readonly site: Site | null;
  /** Id of the layer; null for a tensor without a module. */
  readonly layer: number | null;
  readonly parameters: readonly ParameterFrame[];
  /** Number of elements of all its parameters. */
  readonly size: number;
}

export const elementCount = ({ shape }: Pick<ParameterFrame, 'shape'>): number => shape.reduce((a, b) => a * b, 1);

const elements = (parameters: readonly ParameterFrame[]) =>
  parameters.reduce((sum, parameter) => sum + elementCount(parameter), 0);

/** Groups that own at least one parameter. */
export function layerGroups(run: Run): LayerGroup[] {
  const owned = Map.groupBy(run.parameters, ({ layer }) => layer);
  const groups: LayerGroup[] = [];
  for (const layer of run.layers) {
    const parameters = owned.get(layer.id);
    if (!parameters) continue;
    const { name, type, description, site } = layer;
    groups.push({ name, type, description, site, layer: layer.id, parameters, size: elements(parameters) });
  }
  for (const parameter of owned.get(null) ?? []) {
    const { name, site, shape } = parameter;
    const parameters = [parameter];
    const description = `tensor [${shape.join(', ')}]`;
    groups.push({ name, type: 'tensor', description, site, layer: null, parameters, size: elements(parameters) });
  }
  return groups;
}

/** A step of the history, or what was measured last of each parameter, be it at different steps. */
export type When = StepFrame | 'latest';

const rowOf = (run: Run, when: When, id: number) =>
  when === 'latest' ? run.latestParameter(id) : run.parameterAt(when, id);

/** L2 norm of the gradient of all the group's parameters; Infinity if it isn't finite, NaN if it wasn't measured. */
export function gradientNorm(run: Run, when: When, group: LayerGroup): number {
  for (const { id } of group.parameters) if (rowOf(run, when, id)('gradientNonFinite') > 0) return Infinity;
  return norm(run, when, group, 'gradientNorm');
}

/** ‖update‖ ÷ ‖weight‖ over all the group's parameters; NaN where no update was seen. */
export function updateRatio(run: Run, when: When, group: LayerGroup): number {
  return norm(run, when, group, 'updateNorm') / norm(run, when, group, 'weightNorm');
}

/** L2 norm of a rank's own gradient, before it was averaged with the others'; NaN where it wasn't measured. */
export function localGradientNorm(run: Run, when: When, group: LayerGroup): number {
  return norm(run, when, group, 'localGradientNorm');
}

type NormStatistic = 'gradientNorm' | 'weightNorm' | 'updateNorm' | 'localGradientNorm';

function norm(run: Run, when: When, group: LayerGroup, name: NormStatistic): number {
  const norms = group.parameters.map(({ id }) => rowOf(run, when, id)(name)).filter((n) => !Number.isNaN(n));
  return norms.length ? Math.hypot(...norms) : Number.NaN;
}
