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
 * Ordinary networks on ordinary data: with a trainer, functions for a step, losses by hand, settings in objects, schedules of
 * all kinds.
 */

export const TENTH_FAULTS: Faults = { ...LOOP, ...LOSSES, ...DATA, ...INITIALIZATION, ...RATE, ...NETWORK };
export const TENTH_HABITS: Habits = { ...TRAINING, ...OBJECTIVE, ...MODEL };
