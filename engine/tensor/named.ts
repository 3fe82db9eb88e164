import type { Tensor } from './tensor.ts';

/** Several tensors by name that can be taken apart in order, too: `const { values, indices } = …` and `const [values, indices] = …`. */
class Named {
  *[Symbol.iterator](): Generator<Tensor> {
    yield* Object.values(this) as Tensor[];
  }
}

/** Results by name and in order, as PyTorch's named tuples are. */
export const named = <T extends Readonly<Record<string, Tensor>>>(fields: T): T & Iterable<Tensor> =>
  Object.assign(new Named(), fields);
