import type { LossFrame, ParameterFrame } from '../run/frame.ts';
import type { Run } from '../run/run.ts';
import type { Site } from '../site.ts';
import type { Finding, Remedy } from './finding.ts';
import { place } from './phrases.ts';

type About = Pick<Finding, 'layers' | 'parameters' | 'site' | 'sites'>;

/** What a finding about parameters says of their layers and places. `first`: a place that matters more. */
export function aboutParameters(run: Run, parameters: readonly ParameterFrame[], first: Site | null = null): About {
  const layerOf = ({ layer, name }: ParameterFrame) => (layer === null ? name : run.layers[layer].name);
  // Of a layer that is made of others, what it holds itself was made elsewhere than it.
  const parents = new Set(run.layers.map(({ parent }) => parent));
  const siteOf = ({ layer, site }: ParameterFrame) =>
    layer === null || (parents.has(layer) && site) ? site : run.layers[layer].site;
  return {
    layers: [...new Set(parameters.map(layerOf))],
    parameters: parameters.map(({ name }) => name),
    ...place([first, ...parameters.map(siteOf)]),
  };
}

/** What a finding about layers says of them, by their ids. */
export function aboutLayers(run: Run, ids: readonly (number | null)[], first: Site | null = null): About {
  const known = [...new Set(ids)].flatMap((id) => (id === null || !run.layers[id] ? [] : [run.layers[id]]));
  return {
    layers: known.map(({ name }) => name),
    parameters: run.parameters.filter(({ layer }) => known.some(({ id }) => id === layer)).map(({ name }) => name),
    ...place([first, ...known.map(({ site }) => site)]),
  };
}

/** Where the operation that made a loss's input was applied; where the loss was called, if that isn't known. */
export function siteOfLast(run: Run, { layer, site, operation }: LossFrame, named: string): Site | null {
  const made = run.layers[layer ?? -1];
  if (made?.type.toLowerCase().includes(named)) return made.site;
  const applied = run.operations.findLast((o) => o.operation === named && (o.follows === layer || o.layer === layer));
  return (operation === named && applied?.site) || site;
}

/** A remedy that is said, not yet written as an edit. */
export const remedy = (id: string, title: string): Remedy => ({ id, title, edit: null });

/** The outermost layer around a layer: the model it belongs to. */
export function rootOf(run: Run, layer: number): number {
  const { parent } = run.layers[layer];
  return parent === null ? layer : rootOf(run, parent);
}
