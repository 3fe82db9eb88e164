import { Tensor } from '../tensor/tensor.ts';

/** Whether only the engine's own code is running, which keeps no tensor for itself. */
let inside = false;

export const isInside = (): boolean => inside;

/** From now on someone outside may have these tensors (or lists or plain objects of them): their memory is never given back early. */
export function expose(value: unknown): void {
  if (value instanceof Tensor) value.storage.internal = false;
  else if (Array.isArray(value)) for (const one of value) expose(one);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) expose(one);
}

/**
 * Runs code of the engine's own: what it records and doesn't return, nobody outside can ever hold, so its memory comes back
 * with the backward pass.
 */
export function insideOf<I extends readonly unknown[], R>(run: (inputs: I) => R, inputs: I): R {
  if (inside) return run(inputs);
  inside = true;
  try {
    const result = run(inputs);
    expose(result);
    return result;
  } finally {
    inside = false;
  }
}

/** Runs a user's code, which may keep whatever it gets or makes. */
export function outsideOf<I extends readonly unknown[], R>(run: (inputs: I) => R, inputs: I): R {
  if (!inside) return run(inputs);
  expose(inputs);
  inside = false;
  try {
    return run(inputs);
  } finally {
    inside = true;
  }
}
