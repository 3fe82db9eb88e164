import type { LossFrame } from '../../run/frame.ts';

/** How far the sum of probabilities may be from 1, by rounding. */
export const SUM_TOLERANCE = 1e-3;

/** What a loss function was given are probabilities: none is below 0, and every row sums to 1. */
export const areProbabilities = ({ min, leastSum, greatestSum }: LossFrame): boolean =>
  min >= 0 && Math.abs(leastSum - 1) < SUM_TOLERANCE && Math.abs(greatestSum - 1) < SUM_TOLERANCE;
