import { allocate } from '../tensor/allocate.ts';
import type { Numbers } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';

/** What a state says of one parameter, as plain numbers, by PyTorch's names: `{ step: 3, expAvg: […], expAvgSq: […] }`. */
export type SavedState = Readonly<Record<string, number | readonly number[]>>;

/** A state that was saved here or exported from PyTorch: tensors, typed arrays, lists of them; snake_case too. */
type Given = Tensor | ArrayLike<number> | number | null | readonly Given[];
export type GivenState = Readonly<Record<string, Given>>;

export const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());

function numbers(value: Given): Float64Array {
  if (value === null) return new Float64Array(0);
  if (value instanceof Tensor) return Float64Array.from(elements(value));
  if (typeof value === 'number') return Float64Array.of(value);
  if (!Array.isArray(value)) return Float64Array.from(value as ArrayLike<number>);
  return value.every((v) => typeof v === 'number')
    ? Float64Array.from(value)
    : Float64Array.from(value.flatMap((part: Given) => [...numbers(part)]));
}

function checkSize(name: string, array: Numbers, size: number): void {
  if (array.length === size) return;
  throw new ArgumentError(`The loaded state's ${name} has ${array.length} elements, expected ${size}.`);
}

/** Running quantities of one parameter by name, and how often it was updated. */
export class State {
  step = 0;
  readonly #arrays = new Map<string, Numbers>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  has(name: string): boolean {
    return this.#arrays.has(name);
  }

  /** Zeros (or `initial`) when first asked for, of the parameter's size unless another is given. */
  array(name: string, initial = 0, size = this.#size): Float64Array {
    let array = this.#arrays.get(name);
    if (array === undefined) {
      array = new Float64Array(size).fill(initial);
      this.#arrays.set(name, array);
    }
    checkSize(name, array, size);
    return array as Float64Array;
  }

  /** The same in the parameter's own type, in the engine's memory, as PyTorch keeps it: kernels work on all of it. */
  like(parameter: Numbers, name: string): Numbers {
    const before = this.#arrays.get(name);
    if (before !== undefined && before.constructor === parameter.constructor) return before;
    const dtype = parameter instanceof Float32Array ? 'float32' : 'float64';
    const array = allocate(dtype, this.#size);
    if (before !== undefined) {
      checkSize(name, before, this.#size);
      array.set(before);
    }
    this.#arrays.set(name, array);
    return array;
  }

  /** An array as long as it happens to be. */
  put(name: string, array: Float64Array): void {
    this.#arrays.set(name, array);
  }

  get(name: string): Float64Array | undefined {
    return this.#arrays.get(name) as Float64Array | undefined;
  }

  save(): SavedState {
    const arrays = [...this.#arrays].map(([name, array]) => [name, Array.from(array)] as const);
    return { step: this.step, ...Object.fromEntries(arrays) };
  }

  load({ step = 0, ...arrays }: GivenState): void {
    this.step = numbers(step)[0] ?? 0;
    this.#arrays.clear();
    for (const [name, array] of Object.entries(arrays)) {
      if (array !== null) this.#arrays.set(camel(name), numbers(array));
    }
  }
}
