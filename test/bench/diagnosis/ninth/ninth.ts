import type { Faults } from '../faults/fault.ts';
import type { Habits } from '../habits/habit.ts';
import { DATA } from './dataFaults.ts';
import { INITIALIZATION } from './initializationFaults.ts';
import { LOOP } from './loopFaults.ts';
import { LOSSES } from './lossFaults.ts';
import { MODEL } from './modelHabits.ts';
import { NETWORK } from './networkFaults.ts';
import { OBJECTIVE } from './objectiveHabits.ts';
import { RATE } from './rateFaults.ts';
import { TRAINING } from './trainingHabits.ts';

/**
 * Programs, faults and habits that once were the reporting part; since their runs may be looked at, rules are tuned on them.
 * Ordinary networks on ordinary data, in the hands of several people: classes, sequences, arrays, functions, settings.
 */

export const NINTH_FAULTS: Faults = { ...LOOP, ...LOSSES, ...DATA, ...INITIALIZATION, ...RATE, ...NETWORK };
export const NINTH_HABITS: Habits = { ...TRAINING, ...OBJECTIVE, ...MODEL };
