import type { StepFrame } from '../../engine/run/frame.ts';

/** More points than a wide screen has pixels say nothing more. */
const POINTS = 1000;

/** Evenly spaced, the first and the last always among them. */
export function thinned(steps: readonly StepFrame[]): readonly StepFrame[] {
  if (steps.length <= POINTS) return steps;
  return Array.from({ length: POINTS }, (_, i) => steps[Math.round((i * (steps.length - 1)) / (POINTS - 1))]);
}
