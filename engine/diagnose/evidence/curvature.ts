import type { CurvatureFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { number } from '../phrases.ts';

/** What the curvature of the loss says of a learning rate that is blamed already. */
export interface CurvatureProof {
  /** rate·λ was above its bound of stability around the step: each update overshoots what it aims at. */
  readonly proves: boolean;
  /** A sentence with a space before it; empty if nothing was measured. */
  readonly sentence: string;
}

/** Full-batch training hovers about the bound, and is well (Cohen et al. 2021): only what is clearly above it overshoots. */
const CLEARLY = 1.1;
/** Steps after a symptom that still belong to it. */
const AFTER = 10;

/** rate·λ, and how far above its bound that is. */
const rateTimes = ({ learningRate, eigenvalue }: CurvatureFrame): number => learningRate * eigenvalue;
const excess = (frame: CurvatureFrame): number => rateTimes(frame) / frame.bound;

/** The largest rate·λ that was measured, as a share of its bound; 0 if λ never was above 0, NaN if it was never measured. */
export function shareOfBound(run: Run): number {
  const shares = run.curvatures.filter(({ problem }) => problem === null).map(excess);
  return shares.length > 0 ? Math.max(0, ...shares) : Number.NaN;
}

/** The last rate·λ that was measured is above its bound: it's no transient of the first steps. */
export function overshootsToTheEnd(run: Run): boolean {
  const last = run.curvatures.findLast(({ problem }) => problem === null);
  return last !== undefined && excess(last) > CLEARLY;
}

/**
 * The first rate·λ above its bound, up to shortly after `step`. Never a symptom by itself: it tells why a loss that grows
 * or swings does.
 */
export function curvatureProof(run: Run, step: number): CurvatureProof {
  const problem = run.curvatures.find((frame) => frame.problem !== null)?.problem;
  const measured = run.curvatures.filter((frame) => frame.problem === null && frame.step <= step + AFTER);
  if (measured.length === 0) {
    return { proves: false, sentence: problem ? ` The curvature of the loss can’t be measured: ${problem}.` : '' };
  }
  const frame = measured.find((one) => excess(one) > CLEARLY);
  if (!frame) return { proves: false, sentence: '' };
  const name = frame.preconditioned ? 'λ of the preconditioned Hessian' : 'λ of the Hessian';
  return {
    proves: true,
    sentence: ` At step ${frame.step} rate·λ was ${number(rateTimes(frame))}, above ${number(frame.bound)} (${name} ${number(frame.eigenvalue)}): each step overshoots.`,
  };
}
