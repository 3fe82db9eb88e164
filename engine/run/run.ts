import type {
  CurvatureFrame,
  EndFrame,
  ErrorFrame,
  Frame,
  GradientCheckFrame,
  InputFrame,
  LayerFrame,
  LossFrame,
  NonFiniteFrame,
  NoteFrame,
  OperationFrame,
  OptimizerFrame,
  ParameterFrame,
  PhaseFrame,
  SamplesFrame,
  StartFrame,
  StatisticRows,
  StepFrame,
} from './frame.ts';
import { type Histogram, histogramOf } from './histogram.ts';
import { HistogramHistory, History } from './history.ts';
import type { ActivationStatistic, ParameterStatistic } from './statistics.ts';

/** A measured row, read by name. NaN where a statistic was not measured. */
export type Row<Name extends string> = (name: Name) => number;
export type ParameterRow = Row<ParameterStatistic>;
export type ActivationRow = Row<ActivationStatistic>;

const EMPTY: Row<string> = () => Number.NaN;

/**
 * One execution of a script: a fold over its frames, live or replayed. Knows neither engine. Views read it and never
 * write to it.
 */
export class Run {
  start: StartFrame | null = null;
  /** Text of each user's file as it was run, by absolute path. */
  readonly sources = new Map<string, string>();
  readonly layers: LayerFrame[] = [];
  readonly parameters: ParameterFrame[] = [];
  readonly operations: OperationFrame[] = [];
  readonly history = new History();
  /** How the magnitudes of gradients were distributed, at the steps where that was measured. */
  readonly histograms = new HistogramHistory();
  /** Set while the run is paused. */
  paused: PhaseFrame | null = null;
  /** Where the first value that isn't finite came from. */
  nonFinite: NonFiniteFrame | null = null;
  /** What can't be seen of this run, or was noticed on the way. */
  readonly notes: NoteFrame[] = [];
  /** By their ids. */
  readonly optimizers = new Map<number, OptimizerFrame>();
  /** What losses were given in training, at the first steps. */
  readonly losses: LossFrame[] = [];
  /** What they gave outside of training, in order of time. */
  readonly evaluations: LossFrame[] = [];
  readonly inputs: InputFrame[] = [];
  /** The same of some later steps, ever further apart; of inputs where several players are trained. */
  readonly laterLosses: LossFrame[] = [];
  readonly laterInputs: InputFrame[] = [];
  /** The few different samples that it's trained on; null where they aren't few, or nobody told. */
  samples: SamplesFrame | null = null;
  readonly gradientChecks: GradientCheckFrame[] = [];
  readonly curvatures: CurvatureFrame[] = [];
  error: ErrorFrame | null = null;
  end: EndFrame | null = null;
  /** Steps taken, also those that were left out or thinned since. */
  stepCount = 0;
  missedSteps = 0;
  /** Steps at which outputs and gains were measured, and histograms; for parameters see `stepsOf`. */
  activationSteps = 0;
  histogramSteps = 0;
  /** What the other ranks said, by rank, where several processes train one model; this run is rank 0's. */
  readonly ranks = new Map<number, Run>();
  firstLoss = Number.NaN;
  bestLoss = Number.NaN;

  /** The first step at which a gradient was not finite, and the ids of its parameters. */
  nonFiniteGradient: { readonly step: StepFrame; readonly parameters: readonly number[] } | null = null;

  /** The last step at which this rank's own gradients were measured: not at every one that is measured. */
  ownGradientsAt: StepFrame | null = null;

  readonly #latestLayers = new Map<number, Float32Array>();
  readonly #latestOperations = new Map<number, Float32Array>();
  readonly #latestParameters = new Map<number, Float32Array>();
  readonly #parameterSteps = new Map<number, number>();
  readonly #layerSteps = new Map<number, number>();
  readonly #operationSteps = new Map<number, number>();
  #parameterColumns = new Map<string, number>();
  #activationColumns = new Map<string, number>();

  /** The run of another rank. */
  addRank(rank: number): Run {
    const run = new Run();
    this.ranks.set(rank, run);
    return run;
  }

  apply(frame: Frame): void {
    switch (frame.kind) {
      case 'start':
        this.start = frame;
        this.#parameterColumns = columns(frame.parameterStatistics);
        this.#activationColumns = columns(frame.activationStatistics);
        return;
      case 'source':
        this.sources.set(frame.file, frame.text);
        return;
      case 'layer':
        declare(this.layers, frame);
        return;
      case 'parameter':
        declare(this.parameters, frame);
        return;
      case 'operation':
        declare(this.operations, frame);
        return;
      case 'step':
        this.#applyStep(frame);
        return;
      case 'phase':
        this.paused = frame.state === 'paused' ? frame : null;
        return;
      case 'non-finite':
        this.nonFinite ??= frame;
        return;
      case 'gap':
        this.missedSteps += frame.steps;
        return;
      case 'error':
        this.error = frame;
        return;
      case 'end':
        this.end = frame;
        this.paused = null;
        return;
      case 'note':
        this.notes.push(frame);
        return;
      case 'optimizer':
        this.optimizers.set(frame.id, frame);
        return;
      case 'loss':
        (frame.evaluation ? this.evaluations : frame.again ? this.laterLosses : this.losses).push(frame);
        return;
      case 'input':
        (frame.again ? this.laterInputs : this.inputs).push(frame);
        return;
      case 'samples':
        this.samples = frame;
        return;
      case 'gradient-check':
        this.gradientChecks.push(frame);
        return;
      case 'curvature':
        this.curvatures.push(frame);
        return;
      case 'output':
      case 'tensor':
        return; // shown as it comes, not kept: the run log has it
    }
  }

  #applyStep(frame: StepFrame): void {
    this.stepCount = Math.max(this.stepCount, frame.step + 1);
    if (Number.isNaN(this.firstLoss)) this.firstLoss = frame.loss;
    if (!(this.bestLoss <= frame.loss)) this.bestLoss = Number.isNaN(frame.loss) ? this.bestLoss : frame.loss;
    const { histograms: rows, ...step } = frame;
    this.history.add(rows ? step : frame);
    if (rows) this.histograms.add({ step: frame.step, rows });
    if (rows) this.histogramSteps++;
    if (frame.operations.ids.length + frame.layers.ids.length > 0) this.activationSteps++;
    this.#noteNonFinite(frame);
    if (this.start?.worldSize) this.#noteOwnGradients(frame);
    remember(this.#latestParameters, frame.parameters);
    for (const id of frame.parameters.ids) this.#parameterSteps.set(id, this.stepsOf(id) + 1);
    remember(this.#latestLayers, frame.layers);
    for (const id of frame.layers.ids) this.#layerSteps.set(id, frame.step);
    for (const id of frame.operations.ids) this.#operationSteps.set(id, frame.step);
    remember(this.#latestOperations, frame.operations);
  }

  #noteOwnGradients(frame: StepFrame): void {
    const measured = (id: number) => !Number.isNaN(this.parameterAt(frame, id)('localGradientNorm'));
    if (frame.parameters.ids.some(measured)) this.ownGradientsAt = frame;
  }

  #noteNonFinite(frame: StepFrame): void {
    if (this.nonFiniteGradient) return;
    const parameters = [...frame.parameters.ids].filter((id) => this.parameterAt(frame, id)('gradientNonFinite') > 0);
    if (parameters.length === 0) return;
    this.nonFiniteGradient = { step: frame, parameters };
    this.history.pin(frame.step);
    this.histograms.pin(frame.step);
  }

  /** The last row measured of a parameter, a layer's output or an operation's output. */
  latestParameter(id: number): ParameterRow {
    return row(this.#latestParameters.get(id), 0, this.#parameterColumns);
  }
  latestLayer(id: number): ActivationRow {
    return row(this.#latestLayers.get(id), 0, this.#activationColumns);
  }
  /** The step at which an operation's output, or a layer's, was last measured: they are sampled. */
  measuredAt(kind: 'layer' | 'operation', id: number): number | undefined {
    return (kind === 'layer' ? this.#layerSteps : this.#operationSteps).get(id);
  }

  latestOperation(id: number): ActivationRow {
    return row(this.#latestOperations.get(id), 0, this.#activationColumns);
  }

  /** The last histogram of a parameter's gradient, and its step; null where none was measured. */
  latestHistogram(id: number): { readonly step: number; readonly histogram: Histogram } | null {
    const { steps } = this.histograms;
    for (let i = steps.length - 1; i >= 0; i--) {
      const histogram = histogramOf(steps[i].rows, id);
      if (histogram) return { step: steps[i].step, histogram };
    }
    return null;
  }

  /** At how many steps a parameter was measured. */
  stepsOf(parameter: number): number {
    return this.#parameterSteps.get(parameter) ?? 0;
  }

  /** A parameter's row at a step of the history. */
  parameterAt(step: StepFrame, id: number): ParameterRow {
    return rowAt(step.parameters, id, this.#parameterColumns);
  }
  layerAt(step: StepFrame, id: number): ActivationRow {
    return rowAt(step.layers, id, this.#activationColumns);
  }
  operationAt(step: StepFrame, id: number): ActivationRow {
    return rowAt(step.operations, id, this.#activationColumns);
  }

  /** True if a statistic of a tensor with so many elements was estimated from some of them. */
  isSampled(statistic: ParameterStatistic | ActivationStatistic, elements: number): boolean {
    const sampling = this.start?.sampling;
    return sampling !== undefined && elements > sampling.elements && !sampling.exact.includes(statistic);
  }

  /** Seconds since the start, as far as the run has told. */
  get seconds(): number {
    return this.end?.time ?? this.history.last?.time ?? 0;
  }
}

/** Ids count from 0 in order of declaration; whatever a damaged or foreign log says otherwise is left out. */
function declare<T extends { readonly id: number }>(list: T[], frame: T): void {
  if (frame.id === list.length) list.push(frame);
}

const columns = (names: readonly string[]) => new Map(names.map((name, i) => [name, i]));

function remember(latest: Map<number, Float32Array>, rows: StatisticRows): void {
  const width = rows.ids.length ? rows.values.length / rows.ids.length : 0;
  for (let i = 0; i < rows.ids.length; i++) latest.set(rows.ids[i], rows.values.subarray(i * width, (i + 1) * width));
}

function rowAt(rows: StatisticRows, id: number, names: Map<string, number>): Row<string> {
  // Rows are nearly always in order of their ids, so the first guess hits.
  const at = rows.ids[id] === id ? id : rows.ids.indexOf(id);
  return at < 0 ? EMPTY : row(rows.values, (at * rows.values.length) / rows.ids.length, names);
}

function row(values: Float32Array | undefined, offset: number, names: Map<string, number>): Row<string> {
  return values ? (name) => values[offset + (names.get(name) ?? Number.NaN)] ?? Number.NaN : EMPTY;
}
