import type { Row } from '../kernels/reference/statistics.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TapeNode } from './tape.ts';

/** What the loss of a sample depends on besides the answer and the target, by the names of the loss functions' options. */
export interface LossParameters {
  readonly delta?: number;
  readonly beta?: number;
  readonly logInput?: boolean;
  readonly full?: boolean;
  readonly eps?: number;
  readonly logTarget?: boolean;
  readonly labelSmoothing?: number;
  readonly ignoreIndex?: number;
  readonly weight?: Tensor;
}

/**
 * What a running engine tells whoever watches it. The engine never looks at the answer: an observer can't change training. All
 * it takes from it is memory to put statistics into (`updateBegin`).
 * The probe (engine/probe) is the only implementation; without one every call site costs a null check.
 */
export interface Observer {
  /** A module's base constructor has run; its fields don't exist yet. */
  moduleCreated(module: object): void;
  /** A tensor became a leaf that asks for a gradient: `tensor(…, { requiresGrad: true })`, `requiresGrad_()`, `new Parameter(…)`. */
  leafCreated(leaf: Tensor): void;
  moduleEnter(module: object): void;
  /** `output` is whatever `forward` returned; null if it threw. Both only while `thorough`. */
  moduleExit(module: object, output: unknown): void;
  /** An operation has been put on the tape. Operations that need no gradient are not on the tape and not told. */
  operation(node: TapeNode, output: Tensor): void;
  /** An operation ran that is not on the tape: under noGrad, on data, in an update. */
  unrecorded(): void;
  /** `accumulates`: the gradients go into the leaves; otherwise they are only given back, as by `grad()`. */
  backwardBegin(root: Tensor, accumulates: boolean): void;
  /**
   * One rule of the tape was applied: `gradient` came in (with respect to the output), `inputGradients` go on, in order of the
   * inputs. Only while `thorough`.
   */
  nodeBackward(node: TapeNode, gradient: Tensor, inputGradients: readonly (Tensor | null)[]): void;
  /** All gradients have been accumulated into the leaves, `leaves`; none if they were only given back. */
  backwardEnd(root: Tensor, leaves: readonly Tensor[]): void;
  /**
   * A loss function of nn.functional was given predictions and targets. `options`: what its value depends on besides. Told outside of
   * recording too: that is an evaluation.
   */
  lossGiven(loss: string, input: Tensor, target: Tensor, options: LossParameters): void;
  /** An optimizer has been made. */
  optimizerCreated(optimizer: object): void;
  /**
   * Around an optimizer's update; `parameters` are those with a gradient. `measures`: the update itself can tell their statistics.
   * @returns Where it is to put them, as `kernels.measureParameter` does, a row for each parameter; null if nobody asks.
   */
  updateBegin(optimizer: object, parameters: readonly Tensor[], measures: boolean): readonly Row[] | null;
  updateEnd(optimizer: object, parameters: readonly Tensor[]): void;
}

/** The one observer, or null. A live binding: read it, never cache it. */
export let observer: Observer | null = null;

export function observe(next: Observer | null): void {
  observer = next;
  thorough = true;
}

/**
 * Whether the observer is told of what nearly always repeats from step to step: modules entered and left, rules applied. A live
 * binding. Such calls are most of those that a small network's step makes, and who expects a step to repeat does without.
 */
export let thorough = true;

export function tellThoroughly(wanted: boolean): void {
  thorough = wanted;
}

/** Runs `body` without anyone watching: what is computed again has been told once. */
export function unobserved<R>(body: () => R): R {
  const before = observer;
  observer = null;
  try {
    return body();
  } finally {
    observer = before;
  }
}

const nothing = (): void => {};

/** An observer that looks away. */
export const unobserving: Observer = {
  moduleCreated: nothing,
  leafCreated: nothing,
  moduleEnter: nothing,
  moduleExit: nothing,
  operation: nothing,
  unrecorded: nothing,
  backwardBegin: nothing,
  nodeBackward: nothing,
  backwardEnd: nothing,
  lossGiven: nothing,
  optimizerCreated: nothing,
  updateBegin: () => null,
  updateEnd: nothing,
};
