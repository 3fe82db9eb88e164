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
 * The reporting part: programs, faults and habits that no rule was tuned on, of which nothing but sums is looked at. Ordinary
 * networks on ordinary data: a trainer, tensors without modules, cells in a loop, layers of the library, losses by hand.
 */

export const REPORTED_FAULTS: Faults = { ...LOOP, ...LOSSES, ...DATA, ...INITIALIZATION, ...RATE, ...NETWORK };
export const REPORTED_HABITS: Habits = { ...TRAINING, ...OBJECTIVE, ...MODEL };
