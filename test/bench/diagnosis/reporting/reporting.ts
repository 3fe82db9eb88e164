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
 * networks on ordinary data: with a trainer, functions for a step, losses by hand, settings in objects, schedules of all kinds.
 */

export const REPORTED_FAULTS: Faults = { ...LOOP, ...LOSSES, ...DATA, ...INITIALIZATION, ...RATE, ...NETWORK };
export const REPORTED_HABITS: Habits = { ...TRAINING, ...OBJECTIVE, ...MODEL };
