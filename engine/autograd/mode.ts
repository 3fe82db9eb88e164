let enabled = true;

/** Whether operations are being recorded. */
export const isGradEnabled = (): boolean => enabled;

function withMode<R>(mode: boolean, body: () => R): R {
  const before = enabled;
  enabled = mode;
  try {
    return body();
  } finally {
    enabled = before;
  }
}

/** Runs `body` without recording: nothing computed inside has a history. Returns what `body` returns. */
export const noGrad = <R>(body: () => R): R => withMode(false, body);

/** Runs `body` with recording on, also inside `noGrad`. */
export const enableGrad = <R>(body: () => R): R => withMode(true, body);

/** `noGrad` for code that will never be differentiated. */
export const inferenceMode = noGrad;

/** `enableGrad` or `noGrad`, as a condition says. */
export const setGradEnabled = <R>(mode: boolean, body: () => R): R => withMode(mode, body);
