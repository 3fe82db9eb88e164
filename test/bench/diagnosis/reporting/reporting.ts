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
 * The reporting part: programs, faults and habits that no rule was tuned on, of which nothing but sums is looked at. Ordinary
 * networks on ordinary data, some as classes, some as sequences; an answer is called `out`, in most of them.
 */

export const REPORTED_FAULTS: Faults = {
  ...LOOP,
  ...LOSSES_AND_DATA,
  ...INITIALIZATION,
  ...TOWERS,
  ...RATE,
  ...NETWORK,
};
export const REPORTED_HABITS: Habits = { ...TRAINING, ...OBJECTIVE, ...MODEL };
