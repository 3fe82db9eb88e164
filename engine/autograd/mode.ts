import { ArgumentError } from '../tensor/errors.ts';

let enabled = true;

/** Whether operations are being recorded. */
export const isGradEnabled = (): boolean => enabled;

function withMode<R>(name: string, mode: boolean, body: () => R): R {
  if (typeof body !== 'function') {
    throw new ArgumentError(`${name}: expected a function to run, got ${typeof body}: ${name}(() => { … }).`);
  }
  const before = enabled;
  enabled = mode;
  try {
    return synchronous(name, body());
  } finally {
    enabled = before;
  }
}

/** An async body goes on after the mode has been put back: that would be silently wrong. */
function synchronous<R>(name: string, result: R): R {
  if (!(result instanceof Promise)) return result;
  throw new ArgumentError(`${name}: expected a plain function, got an async one. Await first, and wrap the rest.`);
}

/** Runs `body` without recording: nothing computed inside has a history. Returns what `body` returns. */
export const noGrad = <R>(body: () => R): R => withMode('noGrad', false, body);

/** Runs `body` with recording on, also inside `noGrad`. */
export const enableGrad = <R>(body: () => R): R => withMode('enableGrad', true, body);

/** `noGrad` for code that will never be differentiated. */
export const inferenceMode = noGrad;

/** `enableGrad` or `noGrad`, as a condition says. */
export const setGradEnabled = <R>(mode: boolean, body: () => R): R => withMode('setGradEnabled', mode, body);
