/**
 * What the extension host and the gradient-flow panel say to each other. Types only, so both sides bundle it for
 * nothing. The host sends whole snapshots, never deltas; the panel asks for one when it is ready, so reloads, moves
 * and restores need nothing special.
 */

/** What the panel shows; impossible combinations can't be written. */
export type PanelState =
  | { readonly kind: 'no-run'; readonly trusted: boolean }
  | { readonly kind: 'unavailable'; readonly message: string }
  | { readonly kind: 'run'; readonly run: RunView };

export type RunStatus =
  | 'starting'
  | 'running'
  | 'paused'
  | 'stepping'
  | 'stopping'
  | 'completed'
  | 'stopped'
  | 'failed'
  | 'settled';

export type LayerVerdict = 'unknown' | 'healthy' | 'concerned' | 'vanishing' | 'exploding' | 'non-finite';

export interface RunView {
  readonly id: string;
  /** Name of the script, for the title. */
  readonly script: string;
  readonly engine: 'embedded' | 'torch';
  readonly status: RunStatus;
  /** One sentence about the end, or about what is under way. */
  readonly message: string | null;
  /** Where the run is held; kept while it takes a step. */
  readonly pause: PauseView | null;
  readonly error: ErrorView | null;
  readonly stepCount: number;
  readonly stepsPerSecond: number;
  readonly seconds: number;
  /** Steps that a slow reader left out. */
  readonly missedSteps: number;
  readonly history: History;
  /** In the order of depth: as they are executed on the way forward. */
  readonly layers: readonly LayerView[];
  /** Those that are cured come last. */
  readonly findings: readonly FindingView[];
  /** The run before a remedy was applied, if this one was started to see what it does. */
  readonly before: BeforeView | null;
  /** What can't be seen of this run, in plain sentences. */
  readonly notes: readonly string[];
  /** What is measured now and then, and what that took: `measured at 37 of 400 steps`; null where all is at every step. */
  readonly measured: string | null;
  /** What became of all gradients together before the last update that was measured; null where nothing did. */
  readonly changed: ChangedView | null;
  /** null for a process that trains alone. */
  readonly ranks: RanksView | null;
}

/** L2 norms over all gradients. */
export interface ChangedView {
  readonly how: 'clipped' | 'unscaled' | 'changed';
  readonly before: number;
  readonly after: number;
}

/** What a run is compared with. */
export interface BeforeView {
  /** The remedy's title. */
  readonly remedy: string;
  /** The finding that it's for, in plain words: "Vanishing gradient". */
  readonly finding: string;
  readonly outcome: 'waiting' | 'cured' | 'there' | 'failed';
  readonly steps: number;
  readonly history: Pick<History, 'step' | 'loss'>;
  /** Of the layers that both runs have, in the order of this run's; NaN for those that are new. At its last step. */
  readonly gradientNorm: Float32Array;
}

/** Several processes that train one model. */
export interface RanksView {
  readonly all: readonly number[];
  /** Whose numbers the panel shows; null for the averaged gradients, which all have in common. */
  readonly chosen: number | null;
  /** Those that differ first. */
  readonly layers: readonly RankedLayerView[];
  /** How many there are in all. */
  readonly layerCount: number;
}

export interface RankedLayerView {
  readonly name: string;
  /** By rank, in the order of `all`. */
  readonly gradient: readonly RankValue[];
  /** Standard deviation of its output. */
  readonly output: readonly RankValue[];
}

export interface RankValue {
  /** null where it wasn't measured. */
  readonly value: number | null;
  /** How many times the others' median, where it is far from that; null where not. */
  readonly times: number | null;
}

export interface PauseView {
  readonly phase: 'forward' | 'backward' | 'update';
  readonly step: number;
  /** `moons.ts:31`, null if unknown. */
  readonly place: string | null;
}

export interface ErrorView {
  readonly title: string;
  readonly message: string;
  /** `moons.ts:14:9`, null if unknown. */
  readonly place: string | null;
}

/**
 * Points to draw, thinned by the host; all arrays have the same length, those of the layers too. A step whose loss is
 * not finite is kept as such. Send arrays of their own or views of one shared buffer: a view takes its buffer along.
 */
export interface History {
  readonly step: Float64Array;
  readonly loss: Float32Array;
  readonly learningRate: Float32Array;
}

export interface LayerView {
  readonly name: string;
  /** Class of the module (`Linear`), or `tensor` for a parameter without a module. */
  readonly type: string;
  /** `Linear(in_features=2, …)`. */
  readonly description: string;
  /** `moons.ts:8`, null if unknown. */
  readonly place: string | null;
  readonly parameters: number;
  readonly verdict: LayerVerdict;
  /**
   * Gradient norm of the layer's own parameters at the steps of the history: NaN where not measured, Infinity where the
   * gradient has a NaN or an infinity in it.
   */
  readonly gradientNorm: Float32Array;
  /** Statistics but for norms are of so many elements of the large ones; null if of all. */
  readonly sampled: number | null;
  /** What can be looked into while the run is paused. */
  readonly tensors: readonly TensorChoice[];
  /** Update-to-weight ratio at the steps of the history. */
  readonly updateRatio: Float32Array;
  /** At the last step. */
  readonly latest: {
    readonly gradientMean: number;
    readonly gradientStd: number;
    readonly gradientMin: number;
    readonly gradientMax: number;
    readonly weightNorm: number;
    /** Of the layer's output; NaN where not sampled yet. */
    readonly activationMean: number;
    readonly activationStd: number;
  };
}

/** A tensor that can be looked into while the run is paused. */
export interface TensorChoice {
  /** `weight`, `weight gradient`, `output`. */
  readonly label: string;
  readonly of: 'weight' | 'gradient' | 'output';
  /** Of the parameter, or of the layer. */
  readonly id: number;
}

/** Which part of which tensor. Where `start` and `count` end, all that fits is meant. */
export interface TensorRequest {
  readonly of: TensorChoice['of'];
  readonly id: number;
  readonly start: readonly number[];
  readonly count: readonly number[];
}

export interface TensorView {
  /** Why there is nothing to see; null if there is. */
  readonly problem: string | null;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly start: readonly number[];
  readonly count: readonly number[];
  /** In row-major order; text for what isn't finite: `NaN`, `Infinity`, `-Infinity`. */
  readonly values: readonly (number | string)[];
  /** Of all elements, or of so many. */
  readonly sampled?: number;
  readonly statistics: { readonly [name: string]: number | string };
}

/** How the magnitudes of a layer's gradient were distributed, at the steps at which that was measured. */
export interface MagnitudesView {
  readonly step: Float64Array;
  /** Bin i is of elements with 2^(first + i) ≤ |x| < 2^(first + i + 1). */
  readonly first: number;
  readonly bins: number;
  /** Shares of all elements, `bins` for each step. */
  readonly share: Float32Array;
  /** Shares that have no magnitude, by step. */
  readonly zeros: Float32Array;
  readonly nonFinite: Float32Array;
}

export interface FindingView {
  readonly id: string;
  /** In plain words: "Vanishing gradient". */
  readonly title: string;
  readonly severity: 'error' | 'warning' | 'information';
  readonly confidence: number;
  readonly layers: readonly string[];
  readonly step: number;
  readonly cause: string;
  readonly evidence: string;
  /** Titles of the remedies. */
  readonly remedies: readonly string[];
  readonly place: string | null;
  readonly stage: 'suspected' | 'confirmed' | 'settled' | 'cured' | 'recurring';
  /** The step after which it no longer showed; null unless it's cured. */
  readonly curedAt: number | null;
}

export type RunAction = 'run' | 'stop' | 'pause' | 'resume' | 'step' | 'stepPhase' | 'openRun' | 'manageTrust';

/** What the panel may ask of the host. Every call settles: a result, an error, or "closed". */
export interface HostFunctions {
  /** The panel is up and listening; answers with what to show. */
  ready(): PanelState;
  act(action: RunAction): void;
  /** Go to the line that makes the layer. */
  revealLayer(name: string): void;
  revealFinding(index: number): void;
  revealError(): void;
  /** Go to the line where the run is paused. */
  revealPause(): void;
  /** A part of a tensor, while the run is paused. */
  inspect(request: TensorRequest): TensorView;
  /** Of a layer's gradient; null if there are none. */
  magnitudes(layer: string): MagnitudesView | null;
  /** Show what a rank measured by itself; null: what all have in common. */
  chooseRank(rank: number | null): void;
}

/** What the host may ask of the panel. */
export interface PanelFunctions {
  show(state: PanelState): void;
  /** Select a layer, as if it had been clicked. */
  selectLayer(name: string): void;
  /** Look into a layer's tensor, as if it had been chosen. */
  inspectTensor(layer: string, label: string): void;
}
