import { DENSE } from './faults/dense.ts';
import type { Faults } from './faults/fault.ts';
import { INITIALIZATION } from './faults/initialization.ts';
import { LOOP } from './faults/loop.ts';
import { LOSSES_AND_DATA } from './faults/loss.ts';
import { NETWORK } from './faults/network.ts';
import { RATE } from './faults/rate.ts';

export type { Fault } from './faults/fault.ts';

/** All fault operators, by name. */
export const FAULTS: Faults = { ...LOOP, ...LOSSES_AND_DATA, ...INITIALIZATION, ...RATE, ...DENSE, ...NETWORK };
