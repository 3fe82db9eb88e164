import { ArgumentError } from '../tensor/errors.ts';
import { type AnyOptimizer, ofGroup, type PerGroup, Scheduler } from './scheduler.ts';

// Schedules that go up and down, with the momentum against the rate if wanted.

type ParamGroup = AnyOptimizer['paramGroups'][number] & { momentum?: number; betas?: readonly number[] };

/** Sets the momentum of a group, whatever its optimizer calls it. */
function setMomentum(group: ParamGroup, value: number): void {
  if (group.betas !== undefined) group.betas = [value, ...group.betas.slice(1)];
  else group.momentum = value;
}

function checkMomentum(name: string, { paramGroups }: AnyOptimizer): void {
  const withMomentum = (group: ParamGroup): boolean => 'momentum' in group || 'betas' in group;
  if (paramGroups.every(withMomentum)) return;
  throw new ArgumentError(`${name}: the optimizer has no momentum to cycle. Say { cycleMomentum: false }.`);
}

const cosine = (from: number, to: number, share: number): number =>
  to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
const line = (from: number, to: number, share: number): number => from + (to - from) * share;

export interface RestartOptions {
  /** Steps until the first restart. */
  readonly t0: number;
  /** Each cycle is this many times as long as the one before. Default 1. */
  readonly tMult?: number;
  /** Default 0. */
  readonly etaMin?: number;
}

/** From lr to etaMin along a half cosine, again and again (Loshchilov & Hutter 2016). */
export class CosineAnnealingWarmRestarts extends Scheduler {
  readonly #options: Required<RestartOptions>;

  constructor(optimizer: AnyOptimizer, options: RestartOptions) {
    super(optimizer);
    if (!(options.t0 > 0))
      throw new ArgumentError(`CosineAnnealingWarmRestarts: t0 must be positive, got ${options.t0}.`);
    this.#options = { tMult: 1, etaMin: 0, ...options };
  }

  protected override rate(initial: number, epoch: number): number {
    const { t0, tMult, etaMin } = this.#options;
    let [since, cycle] = [epoch, t0];
    for (; since >= cycle; cycle *= tMult) since -= cycle;
    return cosine(initial, etaMin, since / cycle);
  }
}

interface MomentumOptions {
  /** Whether the momentum (or the first beta) goes against the rate. Default true. */
  readonly cycleMomentum?: boolean;
  /** The momentum at the highest rate. */
  readonly baseMomentum?: PerGroup<number>;
  /** The momentum at the lowest rate. */
  readonly maxMomentum?: PerGroup<number>;
}

export interface OneCycleOptions extends MomentumOptions {
  /** The highest rate. */
  readonly maxLr: PerGroup<number>;
  /** Default epochs·stepsPerEpoch. */
  readonly totalSteps?: number;
  readonly epochs?: number;
  readonly stepsPerEpoch?: number;
  /** The share of the steps on which the rate rises. Default 0.3. */
  readonly pctStart?: number;
  /** Default cos. */
  readonly annealStrategy?: 'cos' | 'linear';
  /** The first rate is maxLr/divFactor. Default 25. */
  readonly divFactor?: number;
  /** The last is the first divided by finalDivFactor. Default 1e4. */
  readonly finalDivFactor?: number;
  /** Down to the first rate as fast as up, and then to the last. Default false: down to the last in one go. */
  readonly threePhase?: boolean;
}

/** Up to maxLr and down again (Smith & Topin 2017). Call `step` after every batch. Momentum goes 0.95 … 0.85 … 0.95. */
export class OneCycleLR extends Scheduler {
  readonly #options: Required<Omit<OneCycleOptions, 'totalSteps' | 'epochs' | 'stepsPerEpoch'>>;
  readonly #total: number;

  constructor(optimizer: AnyOptimizer, options: OneCycleOptions) {
    const { divFactor = 25 } = options;
    super(
      optimizer,
      optimizer.paramGroups.map((_, i) => ofGroup(options.maxLr, i) / divFactor),
    );
    this.#options = {
      pctStart: 0.3,
      annealStrategy: 'cos',
      finalDivFactor: 1e4,
      threePhase: false,
      cycleMomentum: true,
      baseMomentum: 0.85,
      maxMomentum: 0.95,
      ...options,
      divFactor,
    };
    this.#total = options.totalSteps ?? (options.epochs ?? Number.NaN) * (options.stepsPerEpoch ?? Number.NaN);
    if (!(this.#total > 0)) throw new ArgumentError('OneCycleLR: give totalSteps, or epochs and stepsPerEpoch.');
    if (this.#options.cycleMomentum) checkMomentum('OneCycleLR', optimizer);
    this.start();
  }

  /** @throws ArgumentError after the last step. */
  override step(): void {
    if (this.lastEpoch >= this.#total)
      throw new ArgumentError(`OneCycleLR: all of its ${this.#total} steps are taken.`);
    super.step();
  }

  /** From where to where the part goes that a step lies in (rates and momenta in turn), and how much of it is over. */
  #at(step: number, ends: readonly [low: number, high: number, last: number]): number {
    const { pctStart, threePhase, annealStrategy } = this.#options;
    const [low, high, last] = ends;
    const peak = pctStart * this.#total - 1;
    const parts = threePhase
      ? [
          [peak, low, high],
          [2 * pctStart * this.#total - 2, high, low],
          [this.#total - 1, low, last],
        ]
      : [
          [peak, low, high],
          [this.#total - 1, high, last],
        ];
    const index = parts.findIndex(([end], i) => step <= end || i === parts.length - 1);
    const [end, from, to] = parts[index];
    const start = index === 0 ? 0 : parts[index - 1][0];
    return (annealStrategy === 'cos' ? cosine : line)(from, to, (step - start) / (end - start));
  }

  protected override rate(initial: number, step: number, group: number): number {
    return this.#at(step, [initial, ofGroup(this.#options.maxLr, group), initial / this.#options.finalDivFactor]);
  }

  protected override also(group: ParamGroup, step: number, index: number): void {
    const { cycleMomentum, baseMomentum, maxMomentum } = this.#options;
    if (!cycleMomentum) return;
    const high = ofGroup(maxMomentum, index);
    setMomentum(group, this.#at(step, [high, ofGroup(baseMomentum, index), high]));
  }
}

export interface CyclicOptions extends MomentumOptions {
  /** The lowest rate, at which each cycle begins. */
  readonly baseLr: PerGroup<number>;
  /** The highest rate. */
  readonly maxLr: PerGroup<number>;
  /** Steps from the lowest to the highest rate. Default 2000. */
  readonly stepSizeUp?: number;
  /** Steps back. Default stepSizeUp. */
  readonly stepSizeDown?: number;
  /** Cycles of one height, of half the height each time, or of the height gamma^step. Default triangular. */
  readonly mode?: 'triangular' | 'triangular2' | 'exp_range';
  /** Default 1. */
  readonly gamma?: number;
  /** The height, instead of `mode`: of the cycle (counted from 1) or of the step. */
  readonly scaleFn?: (x: number) => number;
  /** What scaleFn is given. Default cycle. */
  readonly scaleMode?: 'cycle' | 'iterations';
}

/** Up and down between baseLr and maxLr in lines, again and again (Smith 2015). Call `step` after every batch. */
export class CyclicLR extends Scheduler {
  readonly #options: Required<Omit<CyclicOptions, 'scaleFn' | 'stepSizeDown' | 'gamma' | 'mode' | 'scaleMode'>>;
  readonly #length: number;
  readonly #height: (step: number, cycle: number) => number;

  constructor(optimizer: AnyOptimizer, options: CyclicOptions) {
    super(
      optimizer,
      optimizer.paramGroups.map((_, i) => ofGroup(options.baseLr, i)),
    );
    this.#options = { stepSizeUp: 2000, cycleMomentum: true, baseMomentum: 0.8, maxMomentum: 0.9, ...options };
    const { stepSizeUp, cycleMomentum } = this.#options;
    this.#length = stepSizeUp + (options.stepSizeDown ?? stepSizeUp);
    const { mode = 'triangular', gamma = 1, scaleFn, scaleMode = 'cycle' } = options;
    if (scaleFn !== undefined) this.#height = (step, cycle) => scaleFn(scaleMode === 'cycle' ? cycle : step);
    else if (mode === 'exp_range') this.#height = (step) => gamma ** step;
    else this.#height = (_, cycle) => (mode === 'triangular2' ? 2 ** (1 - cycle) : 1);
    if (cycleMomentum) checkMomentum('CyclicLR', optimizer);
    this.start();
  }

  /** How high a step is between lowest and highest, 0 … 1 times the height of its cycle. */
  #share(step: number): number {
    const cycle = Math.floor(1 + step / this.#length);
    const x = 1 + step / this.#length - cycle;
    const turn = this.#options.stepSizeUp / this.#length;
    return (x <= turn ? x / turn : (x - 1) / (turn - 1)) * this.#height(step, cycle);
  }

  protected override rate(initial: number, step: number, group: number): number {
    return line(initial, ofGroup(this.#options.maxLr, group), this.#share(step));
  }

  protected override also(group: ParamGroup, step: number, index: number): void {
    const { cycleMomentum, baseMomentum, maxMomentum } = this.#options;
    if (!cycleMomentum) return;
    setMomentum(group, line(ofGroup(maxMomentum, index), ofGroup(baseMomentum, index), this.#share(step)));
  }
}
