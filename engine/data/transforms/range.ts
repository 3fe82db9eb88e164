import { randomUniform } from '../../tensor/random.ts';

export type Range = readonly [low: number, high: number];

/** A uniform number between two. */
export const between = ([low, high]: Range): number => low + (high - low) * randomUniform();
