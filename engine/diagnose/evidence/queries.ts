import type { Run } from '../../run/run.ts';

const WEIGHS: ReadonlySet<string> = new Set(['attention', 'softmax']);

/**
 * Ids of the layers that make the queries and the keys of an attention. Their gradient passes a softmax that is nearly even at
 * first, so it's one or two decades smaller than that of values in every healthy one (Noci et al. 2022).
 */
export function queriesAndKeys(run: Run): ReadonlySet<number> {
  // by the layer that they are parts of, in which they are weighed: those before it that apply weights, in order
  const makers = new Map<number, Set<number>>();
  const weighing = new Set<number>();
  for (const { operation, layer } of run.operations) {
    if (layer === null) continue;
    const parent = run.layers[layer]?.parent ?? null;
    if (WEIGHS.has(operation)) weighing.add(layer);
    else if (operation === 'linear' && parent !== null && !weighing.has(parent))
      makers.set(parent, (makers.get(parent) ?? new Set()).add(layer));
  }
  const three = [...weighing].flatMap((layer) => {
    const [query, key, value, ...others] = makers.get(layer) ?? [];
    return value !== undefined && others.length === 0 ? [query, key] : [];
  });
  return new Set(three.filter((layer) => run.layers[layer].type === 'Linear'));
}
