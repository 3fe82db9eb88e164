import type { Faults } from '../faults/fault.ts';
import type { Habits } from '../habits/habit.ts';
import { INITIALIZATION } from './initializationFaults.ts';
import { LOOP } from './loopFaults.ts';
import { LOSSES_AND_DATA } from './lossFaults.ts';
import { MODEL } from './modelHabits.ts';
import { NETWORK } from './networkFaults.ts';
import { OBJECTIVE } from './objectiveHabits.ts';
import { RATE } from './rateFaults.ts';
import { TRAINING } from './trainingHabits.ts';

/** Programs, faults and habits that once were the reporting part; since their runs were looked at, rules are tuned on them. */

export const FOURTH_FAULTS: Faults = { ...LOOP, ...LOSSES_AND_DATA, ...INITIALIZATION, ...RATE, ...NETWORK };
export const FOURTH_HABITS: Habits = { ...TRAINING, ...OBJECTIVE, ...MODEL };
