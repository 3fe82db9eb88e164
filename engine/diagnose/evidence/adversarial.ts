import type { Run } from '../../run/run.ts';

/**
 * Several optimizers that hold different parameters, a generator's and a discriminator's say: steps alternate, and no
 * loss of theirs has to fall.
 */
export const isAdversarial = (run: Run): boolean => run.optimizers.size > 1;
