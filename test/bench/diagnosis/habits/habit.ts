import type { Change } from '../change.ts';

/** Odd but healthy. Where one of them hurts all the same, it counts as a fault, and these causes as right. */
export interface Habit {
  readonly to: string;
  readonly change: Change;
  readonly causes?: readonly string[];
}

export interface Habits {
  readonly [name: string]: Habit;
}
