import type { Site } from '../site.ts';
import type { HistogramRows } from './histogram.ts';

/**
 * Everything a run says, in order. The live stream, the run log and a replay are the same frames; engine/run/codec.ts
 * gives their bytes. Ids of layers, parameters and operations count from 0 within their kind, in order of declaration.
 */
export type Frame =
  | StartFrame
  | SourceFrame
  | LayerFrame
  | ParameterFrame
  | OperationFrame
  | StepFrame
  | PhaseFrame
  | NonFiniteFrame
  | OutputFrame
  | GapFrame
  | ErrorFrame
  | EndFrame
  | NoteFrame
  | TensorFrame
  | OptimizerFrame
  | LossFrame
  | InputFrame
  | SamplesFrame
  | GradientCheckFrame
  | CurvatureFrame;

export type FrameKind = Frame['kind'];

export type EngineName = 'embedded' | 'torch';
export type Phase = 'forward' | 'backward' | 'update';

/** How a run ended; DESIGN's words. `settled`: stopped by the diagnosis because its verdict stood. */
export type Ended = 'completed' | 'stopped' | 'failed' | 'settled';

export interface StartFrame {
  readonly kind: 'start';
  /** Absolute path of the script. */
  readonly script: string;
  readonly cwd: string;
  readonly arguments: readonly string[];
  readonly engine: EngineName;
  readonly engineVersion: string;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Absolute path of the run log, where the process has one and tells. */
  readonly log?: string;
  /** Where several processes train one model, this one's number, from 0. */
  readonly rank?: number;
  /** How many processes there are. */
  readonly worldSize?: number;
  /** Absent where every statistic is of all elements, at every step. */
  readonly sampling?: Sampling;
  readonly parameterStatistics: readonly string[];
  readonly activationStatistics: readonly string[];
}

/** What is measured of a part only, and how often. */
export interface Sampling {
  /** Statistics of tensors with more elements than this are of so many of them. */
  readonly elements: number;
  /** The statistics that are of all elements all the same. */
  readonly exact: readonly string[];
  /** Share of training time that measuring may take, in percent: it decides at which steps there are statistics. */
  readonly budget: number;
}

/** The text of a user's file as it was run; sites refer to this text, whatever the editor holds later. */
export interface SourceFrame {
  readonly kind: 'source';
  readonly file: string;
  readonly text: string;
}

export interface LayerFrame {
  readonly kind: 'layer';
  readonly id: number;
  /** `hidden.3`; a model's root has the name of its variable. */
  readonly name: string;
  /** The module's class, `Linear`. */
  readonly type: string;
  /** One line in PyTorch's manner, `Linear(inFeatures=2, outFeatures=32, bias=true)`. */
  readonly description: string;
  /** Id of the enclosing layer; null for a root. */
  readonly parent: number | null;
  readonly site: Site | null;
  /** False for one that is part of a model but had not been executed by the end of the model's first step. */
  readonly ran?: boolean;
  /** Elements of its own matrices and filters that asked for no gradient when it first ran; absent if none. */
  readonly frozen?: number;
}

export interface ParameterFrame {
  readonly kind: 'parameter';
  readonly id: number;
  /** `hidden.3.weight`; without modules, the variable's name. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Id of the owning layer; null for a tensor without a module. */
  readonly layer: number | null;
  readonly site: Site | null;
  /** False for one that is frozen; absent where nobody told. */
  readonly requiresGrad?: boolean;
}

/**
 * One operation as it occurs within a step. An operation that a loop executes k times is declared k times, with
 * `occurrence` 0 … k − 1, so that recurrence and depth stay visible.
 */
export interface OperationFrame {
  readonly kind: 'operation';
  readonly id: number;
  /** `matmul`, `sigmoid` … */
  readonly operation: string;
  readonly occurrence: number;
  /** The layer whose forward was running. */
  readonly layer: number | null;
  /** The layer that made the operation's first input that came out of a layer: the `sigmoid` after `hidden.3`. */
  readonly follows: number | null;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly site: Site | null;
}

/** Rows of statistics: `values` holds `ids.length` rows of as many columns as the start frame names. */
export interface StatisticRows {
  readonly ids: Uint32Array;
  readonly values: Float32Array;
}

/** One optimization step (or, without updates, one backward pass). */
export interface StepFrame {
  readonly kind: 'step';
  /** From 0. */
  readonly step: number;
  /** Seconds since the start. */
  readonly time: number;
  readonly loss: number;
  /** NaN without an optimizer. */
  readonly learningRate: number;
  readonly parameters: StatisticRows;
  /** Empty at steps where activations were not sampled. */
  readonly layers: StatisticRows;
  readonly operations: StatisticRows;
  /** How the magnitudes of parameters' gradients are distributed; absent at steps where that wasn't measured. */
  readonly histograms?: HistogramRows;
}

/** The run paused before a phase, or went on. */
export interface PhaseFrame {
  readonly kind: 'phase';
  readonly state: 'paused' | 'resumed';
  readonly phase: Phase;
  readonly step: number;
  readonly site: Site | null;
}

/** A value that is not finite was born: the first operation that made one from finite inputs. Told once a run. */
export interface NonFiniteFrame {
  readonly kind: 'non-finite';
  readonly step: number;
  readonly operation: string;
  readonly layer: number | null;
  readonly site: Site | null;
  /** `NaN` or `Infinity`. */
  readonly value: string;
  /**
   * Smallest and largest element of each input; empty where a leaf (data, a weight) was not finite to begin with. On the
   * way back: of what the operation had kept for it, as far as that could be seen.
   */
  readonly inputs: readonly { readonly min: number; readonly max: number }[];
  /** Born on the way back: the operation passed on a gradient that is not finite, while the one that came to it was. */
  readonly backward?: boolean;
  /** The operation had inputs, which nobody could look at any more. */
  readonly unseen?: boolean;
  /** It was made of −∞ that a mask had put there: of a row of which the mask leaves nothing, for one. */
  readonly masked?: boolean;
  /** Id of the parameter that was not finite to begin with: an update before had made it so. */
  readonly parameter?: number;
}

/** What the script printed. */
export interface OutputFrame {
  readonly kind: 'output';
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  readonly step: number;
  readonly site: Site | null;
}

/** Step frames left out because the reader was too slow; never any other kind. */
export interface GapFrame {
  readonly kind: 'gap';
  readonly steps: number;
}

/** The script's own error. */
export interface ErrorFrame {
  readonly kind: 'error';
  /** The error's class, `TypeError`. */
  readonly name: string;
  readonly message: string;
  readonly stack: string | null;
  readonly site: Site | null;
}

export interface EndFrame {
  readonly kind: 'end';
  readonly ended: Ended;
  readonly exitCode: number | null;
  /** One plain sentence where there's something to add: what was stopped, and where. */
  readonly message: string | null;
  readonly site: Site | null;
  /** Seconds since the start. */
  readonly time: number;
  /**
   * Share of training time that measuring took, with an estimate of the statistics that the embedded engine's optimizers take
   * on their way; absent where nobody told, as of a killed process.
   */
  readonly measuring?: number | null;
}

/** What can't be seen of this run, or was noticed on the way. Told once for each topic. */
export interface NoteFrame {
  readonly kind: 'note';
  /** A stable word: `compiled`, `scaled-loss`, `scripted`, `observer` … */
  readonly topic: string;
  /** One or two plain sentences. */
  readonly message: string;
  readonly step: number;
}

/** The answer to a request to inspect a tensor while the run is paused: a slice of its elements, statistics of all. */
export interface TensorFrame {
  readonly kind: 'tensor';
  /** The number that the request had. */
  readonly request: number;
  /** Why there is nothing to see; null if there is. */
  readonly problem: string | null;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** First index and number of indices in each dimension. */
  readonly start: readonly number[];
  readonly count: readonly number[];
  /** In row-major order; text for what JSON has no number for: `NaN`, `Infinity`, `-Infinity`. */
  readonly values: readonly (number | string)[];
  /** The statistics are of so many elements; absent if of all. */
  readonly sampled?: number;
  readonly statistics: { readonly [name: string]: number | string };
}

/**
 * An optimizer and what it holds, told before its first update; told again, with the same id, when it has been given
 * other parameters since. One that is never told to update is told of after ten steps, or at the end of the run.
 */
export interface OptimizerFrame {
  readonly kind: 'optimizer';
  readonly id: number;
  /** The class, `SGD`. */
  readonly type: string;
  /** Where it was made. */
  readonly site: Site | null;
  /** Where it's told to update. */
  readonly updatedAt?: Site | null;
  /** Backward passes of the run so far, of one that hasn't updated yet. */
  readonly backwardPasses?: number;
  /** Ids of the parameters it holds that aren't frozen, also of those that never get a gradient. */
  readonly parameters: readonly number[];
  /** The numbers among the options of its first group: `momentum`, `weightDecay`; lists (`betas`) as they are. */
  readonly settings: { readonly [name: string]: number | readonly number[] };
}

/**
 * What a loss function was given. In training it's told of the first calls at a place; of evaluation (outside of
 * recording) it's told once for all calls between two training steps.
 */
export interface LossFrame {
  readonly kind: 'loss';
  readonly step: number;
  /** In PyTorch's names, camelCase: `crossEntropy`, `binaryCrossEntropyWithLogits`, `mseLoss` … */
  readonly loss: string;
  readonly evaluation: boolean;
  /** The call in the user's file. */
  readonly site: Site | null;
  /** The layer whose output it was given; null if that isn't known. */
  readonly layer: number | null;
  /** What made the input: `softmax`, `linear` …; null if that isn't known. */
  readonly operation: string | null;
  /** Number of samples (rows of classes), over all calls if there were several. */
  readonly rows: number;
  /** Number of classes: the length of a row; 1 where there are none. */
  readonly classes: number;
  /** Smallest and largest element of the input. */
  readonly min: number;
  readonly max: number;
  /** Smallest and largest sum of a row of classes. */
  readonly leastSum: number;
  readonly greatestSum: number;
  /** The mean loss of a sample, whatever the reduction asked for (by the weights of classes); null where it isn't known. */
  readonly value: number | null;
  /** What the best constant answer would score on these targets, as such a mean; null where it isn't known. */
  readonly baseline: number | null;
  /** The same of the best answers there are: 0, but for targets that are in doubt (soft labels, counts). 0 where it's absent. */
  readonly least?: number | null;
  /** Smallest and largest target, where every element is for itself. */
  readonly leastTarget?: number;
  readonly greatestTarget?: number;
  /** Told of a later step; all of that step's calls are. */
  readonly again?: true;
  /** No function was called: the script's own operations compute what it would give. `difference` is an answer less its target. */
  readonly written?: true;
  /** Of those: answers and targets have different shapes, and each answer was held against each target. */
  readonly pairs?: true;
}

/**
 * Data as it enters the first layer that has weights, told of the first steps; where there are several optimizers also of some later
 * ones, and then also what another model has made.
 */
export interface InputFrame {
  readonly kind: 'input';
  readonly step: number;
  readonly layer: number | null;
  readonly site: Site | null;
  readonly shape: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  /** Smallest and largest root mean square of a feature (a column; a channel of images) that isn't 0 throughout. */
  readonly leastFeature: number;
  readonly greatestFeature: number;
  /** Told of a later step. */
  readonly again?: true;
  /** Another model made it, in this process. */
  readonly generated?: true;
  /** Mean and standard deviation of each feature, of so many; told with `again`. */
  readonly means?: readonly number[];
  readonly deviations?: readonly number[];
}

/** Few different samples are what a run is trained on; told again as more have been seen. */
export interface SamplesFrame {
  readonly kind: 'samples';
  readonly step: number;
  /** That they enter first. */
  readonly layer: number | null;
  /** Elements of a sample. */
  readonly features: number;
  /** How many there are, and how many of them were looked at so far, repetitions included. */
  readonly distinct: number;
  readonly seen: number;
}

/** A user's own backward that isn't the derivative of its forward, by a directional central difference. */
export interface GradientCheckFrame {
  readonly kind: 'gradient-check';
  readonly step: number;
  /** The class of the function. */
  readonly function: string;
  /** Which tensor argument, from 0. */
  readonly argument: number;
  /** The derivative along one direction, by the backward and by the difference. */
  readonly analytic: number;
  readonly numeric: number;
  readonly layer: number | null;
  readonly site: Site | null;
}

/**
 * How curved the loss of one batch is for the optimizer: the largest eigenvalue λ of the Hessian, or, of an adaptive
 * optimizer, of its preconditioned Hessian P⁻¹·H. Measured now and then.
 */
export interface CurvatureFrame {
  readonly kind: 'curvature';
  readonly step: number;
  /** λ; with several rates, that of rate·H divided by the first rate. */
  readonly eigenvalue: number;
  /** An eigenvalue lies at most so far from `eigenvalue`; the largest is not below it. */
  readonly error: number;
  /** Products with the Hessian that it took. */
  readonly products: number;
  readonly learningRate: number;
  /** Where rate·λ is above it, steps overshoot: 2 for gradient descent, 2 + 2β with momentum (Cohen et al. 2021, 2022). */
  readonly bound: number;
  readonly preconditioned: boolean;
  /** Why nothing was measured, as the end of a sentence; all numbers are 0 then. Null if it was. */
  readonly problem: string | null;
}
