import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { byName } from './functional/given.ts';
import { Module } from './module.ts';

/** Stands for a number that has no default. */
export const required: unique symbol = Symbol('required');

export type Defaults = Readonly<Record<string, number | string | typeof required>>;

/** What an instance keeps of its options. */
export type Options<D extends Defaults> = {
  readonly [K in keyof D]: D[K] extends number | typeof required ? number : D[K];
};

export interface Inplace {
  /** Accepted for PyTorch's sake: the result is the same, and always a new tensor. */
  readonly inplace?: boolean;
}

/** Options in a last object; those without a default must be there. */
export type Named<D extends Defaults> = Partial<Options<D>> &
  Inplace & { [K in keyof D as D[K] extends typeof required ? K : never]: number };

export type Activation<A extends readonly unknown[], D extends Defaults> = new (
  ...options: [...A, inplace?: boolean] | [options: Named<D>]
) => Module<[input: Tensor], Tensor> & Options<D>;

/** A module around a function of a tensor, its options and whether it is training. `defaults` names the options, in order. */
export function whileTraining<A extends unknown[], const D extends Defaults>(
  f: (x: Tensor, training: boolean, ...options: A) => Tensor,
  defaults: D,
): Activation<A, D> {
  const names = Object.keys(defaults);
  const values = (module: object): A => names.map((name) => Reflect.get(module, name)) as A;
  const plain = f as unknown as (x: Tensor, training: boolean) => Tensor;
  class Applied extends Module<[input: Tensor], Tensor> {
    constructor(...given: unknown[]) {
      super();
      const { inplace: _, ...options } = byName<Record<string, unknown>>(new.target.name, [...names, 'inplace'], given);
      const filled = { ...defaults, ...options };
      const missing = names.filter((name) => filled[name] === required);
      if (missing.length > 0) throw new ArgumentError(`${new.target.name}: give ${missing.join(' and ')}.`);
      Object.assign(this, filled);
    }

    override forward(x: Tensor): Tensor {
      return names.length === 0 ? plain(x, this.training) : f(x, this.training, ...values(this));
    }

    override describe(): string {
      return names.map((name) => `${name}=${Reflect.get(this, name)}`).join(', ');
    }
  }
  return Applied as unknown as Activation<A, D>;
}

/** A module around a function of a tensor and its options. */
export const activation = <A extends unknown[], const D extends Defaults>(
  f: (x: Tensor, ...options: A) => Tensor,
  defaults: D,
): Activation<A, D> => whileTraining((x, _, ...options: A) => f(x, ...options), defaults);
