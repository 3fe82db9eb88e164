import './methods/install.ts';
import { apply } from '../autograd/apply.ts';
import { allocate } from './allocate.ts';
import type { Nested } from './convert.ts';
import type { DType, Numbers } from './dtype.ts';
import { ArgumentError, ShapeError, showShape } from './errors.ts';
import { finish, newSize, type TensorOptions } from './options.ts';
import { resolveDim, sameShape, sizeOf } from './shape.ts';
import { Tensor } from './tensor.ts';

export type { TensorOptions };

function shapeOf(values: Nested | ArrayLike<number>): number[] {
  if (typeof values === 'number' || typeof values === 'boolean') return [];
  if (!Array.isArray(values) && !ArrayBuffer.isView(values)) throw notValues(values);
  const { length } = values as ArrayLike<Nested>;
  return length === 0 ? [0] : [length, ...shapeOf((values as ArrayLike<Nested>)[0])];
}

function flattenInto(
  values: Nested | ArrayLike<number>,
  shape: readonly number[],
  d: number,
  out: Numbers,
  at: number,
): number {
  if (typeof values === 'number' || typeof values === 'boolean') {
    if (d !== shape.length) throw ragged(shape, d);
    out[at] = Number(values);
    return at + 1;
  }
  if (!Array.isArray(values) && !ArrayBuffer.isView(values)) throw notValues(values);
  const list = values as ArrayLike<Nested>;
  if (d >= shape.length || list.length !== shape[d]) throw ragged(shape, d);
  for (let i = 0; i < list.length; i++) at = flattenInto(list[i], shape, d + 1, out, at);
  return at;
}

const notValues = (given: unknown): ArgumentError => {
  const isTensor = given instanceof Tensor;
  const got = isTensor ? 'a tensor' : given === null ? 'null' : typeof given;
  const advice = isTensor ? ' Join tensors with stack() or cat(), copy one with clone().' : '';
  return new ArgumentError(`tensor: expected numbers, booleans or arrays of them, got ${got}.${advice}`);
};

/** Typed arrays keep their type where there is one; other numbers are float32. */
function typeOf(values: unknown): DType {
  if (values instanceof Float64Array) return 'float64';
  if (values instanceof Int32Array) return 'int32';
  return holdsBooleans(values) ? 'bool' : 'float32';
}

const ragged = (shape: readonly number[], d: number): ShapeError =>
  new ShapeError(
    `tensor: the nested arrays are ragged: from the first elements the shape is ${showShape(shape)}, but not every array at depth ${d} fits it.`,
  );

/** Whether the innermost first element is a boolean. */
function holdsBooleans(values: unknown): boolean {
  return Array.isArray(values) ? holdsBooleans(values[0]) : typeof values === 'boolean';
}

/**
 * A tensor from a number, nested arrays or a typed array; its shape is that of the nesting. Numbers become float32 (also whole
 * ones: JavaScript doesn't tell them apart), booleans bool, a Float64Array float64 and an Int32Array int32, unless `dtype` says
 * otherwise.
 * @throws ShapeError if arrays at one depth differ in length.
 */
export function tensor(values: Nested | Numbers, options: TensorOptions = {}): Tensor {
  const dtype = options.dtype ?? typeOf(values);
  const shape = shapeOf(values);
  const out = allocate(dtype, sizeOf(shape));
  if (ArrayBuffer.isView(values)) out.set(values as Numbers);
  else flattenInto(values, shape, 0, out, 0);
  return finish(out, dtype, shape, options);
}

export function full(shape: readonly number[], value: number | boolean, options: TensorOptions = {}): Tensor {
  const dtype = options.dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32');
  return finish(allocate(dtype, newSize(shape)).fill(Number(value)), dtype, shape, options);
}

export const zeros = (shape: readonly number[], options?: TensorOptions): Tensor => full(shape, 0, options);
export const ones = (shape: readonly number[], options?: TensorOptions): Tensor => full(shape, 1, options);
export const zerosLike = (like: Tensor, options?: TensorOptions): Tensor =>
  zeros(like.shape, { dtype: like.dtype, ...options });
export const onesLike = (like: Tensor, options?: TensorOptions): Tensor =>
  ones(like.shape, { dtype: like.dtype, ...options });
export const fullLike = (like: Tensor, value: number, options?: TensorOptions): Tensor =>
  full(like.shape, value, { dtype: like.dtype, ...options });

/** Room for a tensor; its elements are 0. */
export const empty = zeros;
export const emptyLike = zerosLike;

/** The n × n identity matrix, or n × m with ones on the diagonal: `eye(n)`, `eye(n, m)`, each with options. */
export function eye(n: number, second: number | TensorOptions = n, third: TensorOptions = {}): Tensor {
  const [m, options] = typeof second === 'number' ? [second, third] : [n, second];
  const dtype = options.dtype ?? 'float32';
  const out = allocate(dtype, n * m);
  for (let i = 0; i < Math.min(n, m); i++) out[i * m + i] = 1;
  return finish(out, dtype, [n, m], options);
}

function arangeFrom(start: number, end: number, step: number, options: TensorOptions): Tensor {
  if (step === 0 || (end - start) / step < 0) {
    throw new ArgumentError(`arange: ${start} never reaches ${end} in steps of ${step}.`);
  }
  const dtype = options.dtype ?? ([start, end, step].every(Number.isInteger) ? 'int32' : 'float32');
  const out = allocate(dtype, Math.ceil((end - start) / step));
  for (let i = 0; i < out.length; i++) out[i] = start + i * step;
  return finish(out, dtype, [out.length], options);
}

/**
 * start, start + step … below end: `arange(end)`, `arange(start, end)`, `arange(start, end, step)`, each with options.
 * int32 if all three are integers.
 */
export function arange(...args: (number | TensorOptions)[]): Tensor {
  const numbers = args.filter((a) => typeof a === 'number');
  const options = args.find((a) => typeof a === 'object') ?? {};
  const [start, end, step] = numbers.length === 1 ? [0, numbers[0], 1] : [numbers[0], numbers[1], numbers[2] ?? 1];
  return arangeFrom(start, end, step, options);
}

/** `count` evenly spaced numbers from start to end, both included. */
export function linspace(start: number, end: number, count: number, options: TensorOptions = {}): Tensor {
  const dtype = options.dtype ?? 'float32';
  const out = allocate(dtype, count);
  for (let i = 0; i < count; i++) out[i] = count === 1 ? start : start + ((end - start) * i) / (count - 1);
  return finish(out, dtype, [count], options);
}

function checkList(name: string, tensors: readonly Tensor[]): void {
  if (!Array.isArray(tensors)) throw new ArgumentError(`${name}: expected a list of tensors: ${name}([a, b]).`);
  if (tensors.length === 0) throw new ShapeError(`${name}: expected at least one tensor, got none.`);
  const stranger: unknown = tensors.find((t) => !(t instanceof Tensor));
  if (stranger !== undefined) throw new ArgumentError(`${name}: expected tensors, got ${typeof stranger} among them.`);
}

/** Joins tensors along a dimension they have. @throws ShapeError unless they agree in all others. */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  checkList('cat', tensors);
  // As in PyTorch: a vector without elements joins anything.
  const kept = tensors.filter((t) => t.shape.length !== 1 || t.shape[0] > 0);
  const joined = kept.length === 0 ? tensors : kept;
  return apply('cat', joined, { dim: resolveDim('cat', dim, joined[0].shape.length) });
}

/** Joins tensors of one shape along a new dimension. */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  checkList('stack', tensors);
  const different = tensors.find((t) => !sameShape(t.shape, tensors[0].shape));
  if (different !== undefined) {
    throw new ShapeError(
      `stack: expected tensors of one shape, got ${showShape(tensors[0].shape)} and ${showShape(different.shape)}.`,
    );
  }
  const d = resolveDim('stack', dim, tensors[0].shape.length + 1);
  return cat(
    tensors.map((t) => t.unsqueeze(d)),
    d,
  );
}
