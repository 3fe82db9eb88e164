import type { StepFrame } from '../../../engine/run/frame.ts';
import type { Session } from '../../runs/session.ts';
import { sparkline } from './sparkline.ts';

/** Points of a sparkline. */
const POINTS = 80;

/** A curve over the steps, as a small picture; null before there are three points. */
export function trend(session: Session, valueAt: (step: StepFrame) => number, color: string): string | null {
  // Where nothing was measured is no gap in the curve.
  const points = session.run.history.steps
    .map((step) => ({ x: step.step, y: valueAt(step) }))
    .filter(({ y }) => !Number.isNaN(y));
  if (points.length < 3) return null;
  const stride = Math.ceil(points.length / POINTS);
  const drawn = points.filter((_, i) => i % stride === 0 || i === points.length - 1);
  const title = `gradient norm, steps ${points[0].x} to ${points[points.length - 1].x}`;
  return `![${title}](${sparkline(drawn, color)} "${title}")`;
}
