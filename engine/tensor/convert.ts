import { allocate } from './allocate.ts';
import { type DType, isFloating, promote, toFloating } from './dtype.ts';
import { elements, wrap } from './elements.ts';
import { DTypeError } from './errors.ts';
import type { Tensor } from './tensor.ts';

/** What elementwise methods take on the right: a tensor or a plain number. */
export type Operand = Tensor | number;

/** A number beside a tensor takes the tensor's type, unless it has a fraction the type can't hold. */
function numberType(value: number, dtype: DType): DType {
  if (isFloating(dtype)) return dtype;
  return Number.isInteger(value) ? 'int32' : 'float32';
}

export function scalar(value: number, dtype: DType): Tensor {
  const data = allocate(dtype, 1);
  data[0] = value;
  return wrap(data, dtype, []);
}

const notAnOperand = (given: unknown): DTypeError =>
  new DTypeError(
    `Expected a tensor or a number, got ${Array.isArray(given) ? 'an array. Make it a tensor: tensor([…])' : typeof given}.`,
  );

/** Brings two operands to one type. @throws DTypeError when neither is a tensor of the engine. */
export function together(a: Operand, b: Operand): [Tensor, Tensor] {
  const like = typeof a === 'number' ? b : a;
  if (typeof like === 'number' || like?.storage === undefined) {
    throw notAnOperand(like);
  }
  const x = typeof a === 'number' ? scalar(a, numberType(a, like.dtype)) : a;
  const y = typeof b === 'number' ? scalar(b, numberType(b, like.dtype)) : b;
  if (y?.storage === undefined) throw notAnOperand(b);
  if (x.dtype === y.dtype) return [x, y];
  const dtype = commonType(x, y);
  return [x.to(dtype), y.to(dtype)];
}

/** bool, integer or floating. */
const kind = (dtype: DType): number => (dtype === 'bool' ? 0 : isFloating(dtype) ? 2 : 1);

/** A tensor without dimensions only decides the kind of the result, as in PyTorch. */
function commonType(x: Tensor, y: Tensor): DType {
  if (x.shape.length > 0 === y.shape.length > 0) return promote(x.dtype, y.dtype);
  const [shaped, single] = x.shape.length > 0 ? [x, y] : [y, x];
  return kind(single.dtype) <= kind(shaped.dtype) ? shaped.dtype : promote(x.dtype, y.dtype);
}

/** Makes integers and bools floating, for functions with fractional results. */
export const floating = (x: Tensor): Tensor => (isFloating(x.dtype) ? x : x.to(toFloating(x.dtype)));

export type Nested = number | boolean | readonly Nested[];

/** Nested arrays of a shape from a tensor; a bare number for no dimensions. */
export function nest(tensor: Tensor): Nested {
  const data = elements(tensor);
  const build = (d: number, start: number, size: number): Nested => {
    if (d === tensor.shape.length) return data[start];
    const step = size / tensor.shape[d];
    return Array.from({ length: tensor.shape[d] }, (_, i) => build(d + 1, start + i * step, step));
  };
  return build(0, 0, data.length);
}
