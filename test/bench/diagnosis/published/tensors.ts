import type { OperationFrame, ParameterFrame, StepFrame } from '../../../../engine/run/frame.ts';
import { elementCount } from '../../../../engine/run/groups.ts';
import type { ActivationRow, ParameterRow, Run } from '../../../../engine/run/run.ts';

/** What published tools ask of whole tensors, from the statistics that are recorded of them. */

/** Matrices and filters: what Keras calls kernels. */
export const isKernel = ({ shape }: ParameterFrame): boolean => shape.length >= 2;

/** The matrix of a fully connected layer, or one that belongs to no layer. */
export const isDense = (run: Run, { shape, layer }: ParameterFrame): boolean =>
  shape.length === 2 && (layer === null || run.layers[layer]?.type === 'Linear');

/** The gradient or the weights of a tensor have elements that aren't finite. */
export const isBroken = (row: ParameterRow): boolean =>
  row('gradientNonFinite') > 0 || row('weightNorm') === Number.POSITIVE_INFINITY || isBrokenWeight(row);

/** A mean that isn't a number where there is a gradient is of elements that aren't. */
const isBrokenWeight = (row: ParameterRow): boolean => Number.isNaN(row('weightMean')) && row('gradientZeroShare') >= 0;

/** Of normal variables. */
const MEAN_MAGNITUDE = Math.sqrt(2 / Math.PI);

/**
 * The mean magnitude of a gradient's elements, of which the root mean square and the share of zeros are recorded: those that
 * aren't 0 are taken for normally distributed around 0. NaN without a gradient.
 */
export function meanMagnitude(row: ParameterRow, parameter: ParameterFrame): number {
  const meanSquare = row('gradientNorm') ** 2 / elementCount(parameter);
  const share = 1 - row('gradientZeroShare');
  return MEAN_MAGNITUDE * Math.sqrt(meanSquare * share);
}

/** An activation as it was measured at a step: what came out, and what went in, as far as that is known. */
export interface Activation {
  readonly operation: OperationFrame;
  readonly output: ActivationRow;
  readonly input: ActivationRow | null;
}

export const activationsAt = (run: Run, step: StepFrame, names: readonly string[]): Activation[] =>
  [...step.operations.ids].flatMap((id) => {
    const operation = run.operations[id];
    if (!operation || !names.includes(operation.operation)) return [];
    return [{ operation, output: run.operationAt(step, id), input: inputOf(run, step, operation) }];
  });

/** What the operation before has made if it has the same shape, or the layer before. */
function inputOf(run: Run, step: StepFrame, { id, shape, follows, layer }: OperationFrame): ActivationRow | null {
  const before = run.operations[id - 1];
  const row =
    before && elementCount(before) === elementCount({ shape })
      ? run.operationAt(step, before.id)
      : follows !== null && follows !== layer
        ? run.layerAt(step, follows)
        : null;
  return row && !Number.isNaN(row('std')) ? row : null;
}

/**
 * Share of a sigmoid's or tanh's inputs outside of an interval: of a normal variable with the mean and standard deviation that
 * are recorded, none if the least and the greatest are inside. Where the input isn't known, the share of outputs at which the
 * derivative is below 1 % of its greatest, which is more.
 */
export function shareOutside({ input, output }: Activation, [low, high]: readonly [number, number]): number {
  if (!input) return output('saturatedShare');
  const [center, spread] = [input('mean'), input('std')];
  if (input('min') > low && input('max') < high) return 0;
  if (spread === 0) return 1;
  return below((low - center) / spread) + 1 - below((high - center) / spread);
}

/** Share of a standard normal variable below x; right to 1e-4 (Bowling et al. 2009). */
const below = (x: number): number => 1 / (1 + Math.exp(-1.5976 * x - 0.07056 * x ** 3));

/** What Keras calls layers: those that hold no other one and are no loss, and activations. */
const ACTIVATIONS: readonly string[] = ['relu', 'sigmoid', 'tanh', 'softmax', 'elu'];

/** Their outputs, where they were measured at a step. */
export function outputsAt(run: Run, step: StepFrame): { readonly id: string; readonly output: ActivationRow }[] {
  const layers = [...step.layers.ids].filter(
    (id) => !run.layers[id]?.type.endsWith('Loss') && !run.layers.some(({ parent }) => parent === id),
  );
  return [
    ...layers.map((id) => ({ id: `layer ${id}`, output: run.layerAt(step, id) })),
    ...activationsAt(run, step, ACTIVATIONS).map(({ operation: { id }, output }) => ({
      id: `operation ${id}`,
      output,
    })),
  ].filter(({ output }) => !Number.isNaN(output('zeroShare')));
}

/** Parameters that were measured at a step. */
export const parametersAt = (
  run: Run,
  step: StepFrame,
): { readonly of: ParameterFrame; readonly row: ParameterRow }[] =>
  [...step.parameters.ids].flatMap((id) => {
    const of = run.parameters[id];
    return of ? [{ of, row: run.parameterAt(step, id) }] : [];
  });

/** Those of them that had a gradient. */
export const gradientsAt = (run: Run, step: StepFrame): ReturnType<typeof parametersAt> =>
  parametersAt(run, step).filter(({ row }) => !Number.isNaN(row('gradientZeroShare')));

export const isMeasured = ({ layers, operations }: StepFrame): boolean => layers.ids.length + operations.ids.length > 0;
