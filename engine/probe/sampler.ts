/** Share of training time that measuring may take, all in all, unless another is given. */
export const BUDGET = 0.05;
/** Of that, what is timed may take this part. The rest is for what can't be: caches that hold other data afterwards, garbage. */
const TIMED_PART = 0.8;
/** What is sampled gets at least this share, however much what is measured at every step takes. */
const LEAST_SHARE = 0.005;
/** What is under suspicion gets so much besides. */
const ATTENTION_SHARE = 0.03;
/**
 * These first steps are always measured, so that a hover has something to say at once. Code is new in them and takes many times
 * as long as later on, so they come out of no budget: they'd take all that a short run has.
 */
const ALWAYS = 3;
/** The budget counts as if so many milliseconds had been trained before: what goes wrong at once is seen, and short runs are. */
export const HEAD_START = 6250;
/** Every so often the probe's work at every step is timed. */
const TIMED_STEPS = 16;
/** Every so often, and early on twice, what optimizers' kernels take for statistics is estimated. */
const ESTIMATED_STEPS = 256;
/** How much of a mean over the last times a new one makes. */
const FRESH = 0.2;
/** A time counts as so many times that mean at the most: the machine did something else meanwhile. */
const MOST_OF_MEAN = 4;

/** What measures besides, in milliseconds of which some are free: they come out of no budget, as the head start doesn't. */
export interface Elsewhere {
  readonly milliseconds: number;
  readonly free: number;
}

/** Time that one kind of measuring takes, in milliseconds, and may take. */
class Account {
  spent = 0;
  #free = 0;
  #now = 0;
  #began = 0;
  #expected = 0;

  begins(): void {
    this.#began = performance.now();
  }
  ends(): void {
    this.add(performance.now() - this.#began);
  }
  add(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** A step at which it was measured is over; `free`: it comes out of no budget. */
  close(free: boolean): void {
    this.spent += this.#now;
    if (free) this.#free += this.#now;
    // of those in which code was new, the shortest says most
    const next = free ? Math.min : mean;
    this.#expected = this.#expected ? next(this.#expected, this.#now) : this.#now;
    this.#now = 0;
  }

  affords(allowed: number): boolean {
    return this.spent - this.#free + this.#expected < allowed;
  }
}

/**
 * Decides what is measured at a step besides parameters: at the first ones everything, and after that as often as the budget
 * allows, activations and gains on the one hand, histograms of gradients on the other. It times what the probe does, also
 * what it does at every step (statistics of parameters, frames), and leaves the rest of the budget to these two.
 */
export class Sampler {
  /** Measure activations and gains in this step. */
  active = false;
  /** Measure histograms in this step; `whole`: of all elements. */
  histograms: 'none' | 'sample' | 'whole' = 'none';
  readonly activations = new Account();
  /** Of samples, and of whole gradients. */
  readonly sampled = new Account();
  readonly whole = new Account();
  /** Of what gets attention at steps where the rest isn't measured. */
  readonly attention = new Account();
  /** Measure what gets attention in this step, whatever the budget says of the rest. */
  attending = false;
  /** Nothing but parameters is measured in this step. */
  rests = false;
  #attended = false;
  readonly #seconds: () => number;
  readonly #budget: number;
  readonly #besides: Elsewhere;
  /** Of the step being taken. */
  #step = -1;
  /** Milliseconds that the work of every step takes, as far as it can be timed, and the estimate of what can't; both by their last times. */
  #regular = 0;
  #estimate = 0;
  /** The next step at which there is an estimate. */
  #estimated = 1;
  /** Milliseconds that both have taken at all steps so far: a time stands for the steps until the next one. */
  #always = 0;
  #regularNow = 0;
  #timesRegular = false;
  #began = 0;

  constructor(seconds: () => number, budget = BUDGET, besides: Elsewhere = { milliseconds: 0, free: 0 }) {
    this.#seconds = seconds;
    this.#budget = budget;
    this.#besides = besides;
  }

  /** A step is over, and the next one begins. */
  beginStep(): void {
    if (!this.rests) this.#close();
    if (this.#timesRegular) {
      // the first time, in which code is new, stands for itself
      this.#regular = this.#count(this.#regular, this.#regularNow, this.#step < TIMED_STEPS ? 1 : TIMED_STEPS);
      this.#regularNow = 0;
    }
    this.#decide(++this.#step);
  }

  /** Counts a time that stands for `steps`. @returns What it makes of the mean so far. */
  #count(before: number, now: number, steps: number): number {
    if (before === 0) {
      this.#always += steps * now;
      return now;
    }
    this.#always += steps * uninterrupted(before, now);
    return mean(before, now);
  }

  #close(): void {
    const free = this.#step < ALWAYS;
    if (this.active) this.activations.close(free);
    if (this.histograms !== 'none') this.histogramAccount.close(free);
    if (this.attending) this.attention.close(free);
  }

  #decide(step: number): void {
    // the first step declares everything
    this.#timesRegular = step % TIMED_STEPS === 1;
    const trained = 1000 * this.#seconds();
    const all = HEAD_START + trained;
    const left = Math.max(Math.min(LEAST_SHARE, this.#budget) * all, TIMED_PART * this.#budget * all - this.#always);
    const half = (left - this.#besides.milliseconds + this.#besides.free) / 2;
    const first = this.#budget >= 1 || (step < ALWAYS && this.#budget > 0);
    this.active = first || this.activations.affords(half);
    if (first || this.whole.affords(half / 2)) this.histograms = 'whole';
    else this.histograms = this.sampled.affords(half - this.whole.spent) ? 'sample' : 'none';
    this.attending = this.#attended && this.#budget > 0 && this.attention.affords(ATTENTION_SHARE * trained);
    this.rests = !this.active && this.histograms === 'none' && !this.attending;
  }

  /** Whether something is under suspicion from now on. */
  attend(something: boolean): void {
    this.#attended = something;
  }

  /** Of what is measured in this step. */
  get histogramAccount(): Account {
    return this.histograms === 'whole' ? this.whole : this.sampled;
  }

  /** What pays for the rows and the frame of this step: what is sampled, where something is; null where they're as always. */
  get telling(): Account | null {
    if (this.active) return this.activations;
    if (this.histograms !== 'none') return this.histogramAccount;
    return this.attending ? this.attention : null;
  }

  /** The work of every step begins; `regularEnds` when it pauses or is done. */
  regularBegins(): void {
    if (this.#timesRegular) this.#began = performance.now();
  }
  regularEnds(): void {
    if (this.#timesRegular) this.#regularNow += performance.now() - this.#began;
  }

  /** In a few steps: `looks` does about what the optimizer's kernels do for statistics, which can't be timed apart there. */
  estimate(looks: () => void): void {
    if (this.#step < this.#estimated) return;
    const began = performance.now();
    looks();
    // a second time soon, as code is new in the first one
    const steps = this.#estimated === 1 ? TIMED_STEPS : ESTIMATED_STEPS;
    this.#estimated = this.#step + steps;
    this.#estimate = this.#count(this.#estimate, performance.now() - began, steps);
  }

  /** Milliseconds that measuring has taken so far, what optimizers' kernels do of it by an estimate. */
  get spent(): number {
    return (
      this.activations.spent +
      this.sampled.spent +
      this.whole.spent +
      this.attention.spent +
      this.#besides.milliseconds +
      this.#always
    );
  }
}

const uninterrupted = (before: number, now: number): number => Math.min(now, MOST_OF_MEAN * before);
const mean = (before: number, now: number): number => before + FRESH * (uninterrupted(before, now) - before);
