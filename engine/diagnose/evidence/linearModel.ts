import type { Run } from '../../run/run.ts';
import { roleOf } from './gains.ts';
import { SHAPING } from './shaping.ts';

/** Operations that are linear in what passes them; they and those with weights make a linear model. */
const LINEAR: ReadonlySet<string> = new Set([
  ...SHAPING,
  'add',
  'sub',
  'neg',
  'mean',
  'sum',
  'avgPool2d',
  'expand',
  'contiguous',
]);

/** Ids of the layers with weights, two at least, of a model all of whose operations are linear; null if it isn't one. */
export function linearLayers(run: Run): number[] | null {
  const own = run.operations.filter(({ layer }) => layer !== null);
  const weights = own.filter(({ operation }) => roleOf(operation) === 'weights');
  const layers = [...new Set(weights.map(({ layer }) => layer as number))];
  if (layers.length < 2 || run.layers.length <= layers.length) return null;
  const known = (operation: string) => roleOf(operation) === 'weights' || LINEAR.has(operation);
  return own.every(({ operation }) => known(operation)) ? layers : null;
}
