import type { StepFrame } from './frame.ts';
import type { Run } from './run.ts';

/**
 * Keeps what `compute` says of a subject at a step: a step never changes, and rules and views look at the whole history
 * again and again as a run goes on. Gone with the step. `key` names a subject within a step.
 */
export function rememberByStep<S, T>(
  key: (subject: S) => string,
  compute: (run: Run, step: StepFrame, subject: S) => T,
): (run: Run, step: StepFrame, subject: S) => T {
  const known = new WeakMap<StepFrame, Map<string, T>>();
  return (run, step, subject) => {
    let ofStep = known.get(step);
    if (!ofStep) {
      ofStep = new Map();
      known.set(step, ofStep);
    }
    const name = key(subject);
    if (!ofStep.has(name)) ofStep.set(name, compute(run, step, subject));
    return ofStep.get(name) as T;
  };
}
