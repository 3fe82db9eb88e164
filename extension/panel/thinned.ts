import type { StepFrame } from '../../engine/run/frame.ts';
import { isMeasured } from '../../engine/run/history.ts';

/** More points than a wide screen has pixels say nothing more. */
const POINTS = 1000;

/** Evenly spaced, the first and the last always among them; near each place a step that was measured, if there is one. */
export function thinned(steps: readonly StepFrame[], points = POINTS): readonly StepFrame[] {
  if (steps.length <= points) return steps;
  const place = (i: number) => Math.round((i * (steps.length - 1)) / (points - 1));
  return Array.from({ length: points }, (_, i) => {
    const at = place(i);
    if (i === 0 || i === points - 1 || isMeasured(steps[at])) return steps[at];
    return steps.slice(at, place(i + 1)).find(isMeasured) ?? steps[at];
  });
}

/** So many at most of what was measured, evenly spaced, the first and the last always among them. */
export function evenly<Step>(steps: readonly Step[], most: number): readonly Step[] {
  if (steps.length <= most) return steps;
  return Array.from({ length: most }, (_, i) => steps[Math.round((i * (steps.length - 1)) / (most - 1))]);
}
