import type { Run } from '../../run/run.ts';

const WEIGHS: ReadonlySet<string> = new Set(['attention', 'softmax']);

/**
 * Whether a layer makes the queries or the keys of an attention. Their gradient passes a softmax that is nearly even at first, so
 * it's one or two decades smaller than that of values in every healthy one (Noci et al. 2022).
 */
export function makesQueriesOrKeys(run: Run, layer: number): boolean {
  const { parent, type } = run.layers[layer];
  if (parent === null || type !== 'Linear') return false;
  const weighs = run.operations.find(({ operation, layer }) => WEIGHS.has(operation) && layer === parent);
  if (!weighs) return false;
  const before = run.operations.filter(
    (one) => one.id < weighs.id && one.operation === 'linear' && run.layers[one.layer ?? -1]?.parent === parent,
  );
  const makers = [...new Set(before.map((one) => one.layer))];
  return makers.length === 3 && makers.slice(0, 2).includes(layer);
}
