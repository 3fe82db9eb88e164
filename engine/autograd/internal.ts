import { Tensor } from '../tensor/tensor.ts';

// What the engine's own code records and doesn't return, nobody outside can ever hold, so its memory comes back with the
// backward pass. No functions around functions: users see them in their stacks.

/** Whether only the engine's own code is running, which keeps no tensor for itself. */
let inside = false;

export const isInside = (): boolean => inside;

/** Code of the engine's own, or else of a user's, is about to run. @returns What ran before, to be put back at its end. */
export function enter(own: boolean): boolean {
  const before = inside;
  inside = own;
  return before;
}

/** From now on someone outside may have these tensors (or lists or plain objects of them): their memory is never given back early. */
export function expose(value: unknown): void {
  if (value instanceof Tensor) value.storage.internal = false;
  else if (Array.isArray(value)) for (const one of value) expose(one);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) expose(one);
}
