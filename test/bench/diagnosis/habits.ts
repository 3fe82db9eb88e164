import type { Habits } from './habits/habit.ts';
import { MODEL } from './habits/model.ts';
import { OBJECTIVE } from './habits/objective.ts';
import { TRAINING } from './habits/training.ts';

export type { Habit } from './habits/habit.ts';

/** All that is odd but healthy, by name. */
export const HABITS: Habits = { ...TRAINING, ...OBJECTIVE, ...MODEL };
