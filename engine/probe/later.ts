/** What is told of the first steps is told again at so many, ever further apart: the last time is never long ago. */
const FIRST = 12;
const FURTHER = 1.5;
/** Where two players take turns, one step is one player's and the next the other's. */
const IN_A_ROW = 2;

/** Knows of the step being taken whether losses and, where there are several players, data are told again. */
export class Later {
  again = false;
  /** The step is the first of some in a row. */
  first = false;
  #next = FIRST;
  #until = 0;

  /** Steps begin in order. */
  beginStep(step: number): void {
    this.first = step >= this.#next;
    if (this.first) {
      this.#until = step + IN_A_ROW;
      this.#next = Math.ceil(step * FURTHER);
    }
    this.again = step < this.#until;
  }
}
