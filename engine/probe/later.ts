/** What is told of the first steps is told again at so many, ever further apart: the last time is never long ago. */
const FIRST = 12;
const FURTHER = 1.5;
/** Where two players take turns, one step is one player's and the next the other's. */
const IN_A_ROW = 2;
const LAST = 2 ** 32;

const STEPS: ReadonlySet<number> = new Set(
  (function* () {
    for (let step = FIRST; step < LAST; step = Math.ceil(step * FURTHER))
      for (let i = 0; i < IN_A_ROW; i++) yield step + i;
  })(),
);

/** Whether losses and, where there are several players, data are told again at a step. */
export const isToldAgain = (step: number): boolean => STEPS.has(step);
