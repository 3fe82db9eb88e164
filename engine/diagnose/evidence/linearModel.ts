import type { OperationFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { roleOf, roleOfLayer } from './gains.ts';
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

/** Ids of the layers with weights (two at least, or one that holds several matrices itself) of a model all of whose operations are linear; null if it isn't one. */
export function linearLayers(run: Run): number[] | null {
  const own = beforeAnswer(run).filter(({ layer }) => layer !== null);
  const weights = own.filter(({ operation }) => roleOf(operation) === 'weights');
  const layers = [...new Set(weights.map(({ layer }) => layer as number))];
  const holdsAll = layers.length === 1 && appliesMatrices(run, layers[0], weights.length);
  if (!holdsAll && (layers.length < 2 || run.layers.length <= layers.length)) return null;
  // What was computed where nothing is recorded isn't known.
  const ran = new Set(run.operations.map(({ layer }) => layer));
  if (run.layers.some(({ id, type }) => roleOfLayer(type) !== 'other' && !ran.has(id))) return null;
  const known = (operation: string) => roleOf(operation) === 'weights' || LINEAR.has(operation);
  return own.every(({ operation }) => known(operation)) ? layers : null;
}

/** Loose tensors: a layer's own matrices, each applied once. */
function appliesMatrices(run: Run, layer: number, times: number): boolean {
  const matrices = run.parameters.filter((parameter) => parameter.layer === layer && parameter.shape.length === 2);
  return times > 1 && matrices.length === times;
}

/** Of the operations those that make the answer, but for the activation that it may end with (a sigmoid, for probabilities). */
function beforeAnswer(run: Run): readonly OperationFrame[] {
  const made = run.losses.map(({ operation }) => run.operations.findLastIndex((one) => one.operation === operation));
  const last = made.length > 0 && !made.includes(-1) ? Math.max(...made) : run.operations.length - 1;
  const end = roleOf(run.operations[last]?.operation ?? '') === 'activation' ? last : last + 1;
  return run.operations.slice(0, end);
}
