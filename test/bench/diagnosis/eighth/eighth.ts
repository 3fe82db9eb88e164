import type { Faults } from '../faults/fault.ts';
import type { Habits } from '../habits/habit.ts';
import { INITIALIZATION } from './initializationFaults.ts';
import { LOOP } from './loopFaults.ts';
import { LOSSES_AND_DATA } from './lossFaults.ts';
import { MODEL } from './modelHabits.ts';
import { NETWORK } from './networkFaults.ts';
import { OBJECTIVE } from './objectiveHabits.ts';
import { RATE } from './rateFaults.ts';
import { TOWERS } from './towerFaults.ts';
import { TRAINING } from './trainingHabits.ts';

/**
 * Programs, faults and habits that once were the reporting part; since their runs may be looked at, rules are tuned on them.
 * Ordinary networks on ordinary data, some as classes, some as sequences; an answer is called `out`, in most of them.
 */

export const EIGHTH_FAULTS: Faults = {
  ...LOOP,
  ...LOSSES_AND_DATA,
  ...INITIALIZATION,
  ...TOWERS,
  ...RATE,
  ...NETWORK,
};
export const EIGHTH_HABITS: Habits = { ...TRAINING, ...OBJECTIVE, ...MODEL };
