import type { TensorFrame } from '../run/frame.ts';
import { type InspectRequest, rangeOf } from '../run/inspection.ts';
import type { Numbers } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import { contiguousStrides } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { measure } from './measure.ts';

/** The answer to a request: a slice of a tensor's elements, and statistics of all. A text says why there is none. */
export function inspect(tensor: Tensor | string, asked: InspectRequest): TensorFrame {
  const { request } = asked;
  if (typeof tensor === 'string') return { ...EMPTY, request, problem: tensor };
  const { shape, dtype } = tensor;
  const data = elements(tensor);
  const { start, count } = rangeOf(shape, asked);
  return {
    kind: 'tensor',
    request,
    problem: null,
    shape,
    dtype,
    start,
    count,
    values: slice(data, shape, start, count).map(told),
    statistics: Object.fromEntries(Object.entries(measure(data)).map(([name, value]) => [name, told(value)])),
  };
}

const EMPTY = { kind: 'tensor', shape: [], dtype: '', start: [], count: [], values: [], statistics: {} } as const;

/** JSON has no number for what isn't finite. */
const told = (value: number) => (Number.isFinite(value) ? value : String(value));

function slice(data: Numbers, shape: readonly number[], start: readonly number[], count: readonly number[]): number[] {
  const strides = contiguousStrides(shape);
  const values: number[] = [];
  const walk = (dimension: number, offset: number): void => {
    if (dimension === shape.length) {
      values.push(Number(data[offset]));
      return;
    }
    for (let i = 0; i < count[dimension]; i++)
      walk(dimension + 1, offset + (start[dimension] + i) * strides[dimension]);
  };
  walk(0, 0);
  return values;
}
