/** Share of training time that statistics of activations and gains may take. */
const BUDGET = 0.03;
/** These first steps are always measured, so that a hover has something to say at once. */
const ALWAYS = 3;

/**
 * Decides at which steps activations and gains are measured: at the first ones, and after that as often as the budget
 * allows. Parameters are measured at every step, not by this.
 */
export class Sampler {
  /** Measure in this step. */
  active = true;
  readonly #seconds: () => number;
  #steps = 0;
  #spent = 0;

  constructor(seconds: () => number) {
    this.#seconds = seconds;
  }

  beginStep(): void {
    this.active = this.#steps++ < ALWAYS || this.#spent < BUDGET * this.#seconds();
  }

  timed(work: () => void): void {
    const began = performance.now();
    work();
    this.#spent += (performance.now() - began) / 1000;
  }
}
