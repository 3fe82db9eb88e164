import { isGradEnabled, noGrad } from '../autograd/mode.ts';
import { type LossParameters, type Observer, tellThoroughly, thorough, unobserved } from '../autograd/observer.ts';
import type { TapeNode } from '../autograd/tape.ts';
import type { Row } from '../kernels/reference/statistics.ts';
import type { Phase, TensorFrame } from '../run/frame.ts';
import type { InspectRequest } from '../run/inspection.ts';
import type { Site } from '../site.ts';
import { sizeOf } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Activations, NOTHING } from './activations.ts';
import { Attended } from './attended.ts';
import { Births } from './births.ts';
import { Curvature } from './curvature.ts';
import { CustomFunctions } from './customFunctions.ts';
import { Histograms } from './histograms.ts';
import { Inputs } from './inputs.ts';
import { inspect } from './inspect.ts';
import { KeptOutputs } from './keptOutputs.ts';
import { Later } from './later.ts';
import { Layers } from './layers.ts';
import { Losses } from './losses.ts';
import { OperationPlan, type OperationRecord } from './operations.ts';
import { Optimizers } from './optimizers.ts';
import { Parameters } from './parameters.ts';
import { Sampler } from './sampler.ts';
import type { FrameSink, RunControl, StepSink } from './sink.ts';

interface ProbeOptions {
  readonly control: RunControl;
  /** Seconds of training since the start, pauses not counted. */
  readonly seconds: () => number;
  /** The name that the source gives to what is made at a site. */
  readonly name: (site: Site) => string | null;
  /** Share of training time that measuring may take; with 0, parameters alone are measured. Default: `BUDGET`. */
  readonly budget?: number;
  /** Takes steps' frames; by default they go where the others go. */
  readonly stepSink?: StepSink;
}

/** Steps after which parameters that no backward pass has reached are declared: early ones, and later for late models. */
const DECLARE_MODELS: ReadonlySet<number> = new Set([0, 1, 9]);
/**
 * While steps take less than so many seconds, nothing is sampled, and each does what the one before it did, the engine tells neither
 * of modules nor of rules: a stop is then noticed at the next operation or phase.
 */
const SHORT = 0.05;
/** But for every so many steps, so that a module without operations is noticed. */
const THOROUGH_STEPS = 16;
/** The step after which optimizers that haven't updated anything are told of. */
const STEPS_IDLE = 9;

/**
 * Watches the embedded engine and turns what it sees into frames: layers, parameters, operations and, at every step,
 * their statistics. Never changes what is computed.
 *
 * A step ends where the next one begins: at the first forward after an update, or at a backward whose leaves have been
 * updated by hand or had their gradients taken away since the last one.
 */
export class Probe implements Observer {
  /** The step being taken, from 0. */
  step = 0;
  readonly #sink: FrameSink;
  readonly #stepSink: StepSink;
  readonly #options: ProbeOptions;
  readonly #layers: Layers;
  readonly #plan: OperationPlan;
  readonly #parameters: Parameters;
  readonly #sampler: Sampler;
  readonly #optimizers: Optimizers;
  readonly #later = new Later();
  readonly #losses: Losses;
  readonly #inputs: Inputs;
  readonly #curvature: Curvature;
  readonly #histograms = new Histograms();
  readonly #attended: Attended;
  readonly #customFunctions = new CustomFunctions();
  readonly #activations: Activations;
  readonly #kept = new KeptOutputs();
  /** Somebody looks on step by step, as the phase under way began. */
  #keeps = false;
  #phase: Phase = 'update';
  #loss = Number.NaN;
  #learningRate = Number.NaN;
  /** A backward pass of this step is done. */
  #differentiated = false;
  #updated = false;
  /** An optimizer is at work. */
  #updating = false;
  /** It tells statistics on its way. */
  #measures = false;
  readonly #look = (): void => this.#parameters.look();
  /** The backward pass under way fills the leaves' gradients. */
  #accumulates = true;
  readonly #births: Births;
  /** Seconds of training as the last step was told: the clock is read once a step. */
  #time: number;
  /** How long the last step took, in seconds. */
  #took = Infinity;

  constructor(sink: FrameSink, options: ProbeOptions) {
    this.#sink = sink;
    this.#stepSink = options.stepSink ?? sink;
    this.#options = options;
    this.#layers = new Layers(sink, options.name);
    this.#plan = new OperationPlan(sink, this.#layers);
    this.#parameters = new Parameters(sink, this.#layers, options.name);
    this.#time = options.seconds();
    const seconds = () => this.#time;
    this.#curvature = new Curvature(sink, seconds, options.budget);
    this.#sampler = new Sampler(seconds, options.budget, this.#curvature);
    this.#optimizers = new Optimizers(sink, this.#parameters);
    this.#activations = new Activations(this.#plan);
    this.#losses = new Losses(sink, this.#plan, this.#later);
    this.#inputs = new Inputs(sink, this.#layers, this.#plan, this.#later);
    this.#births = new Births(sink, this.#plan, this.#layers);
    this.#attended = new Attended(options.control, this.#layers);
    this.#beginStep();
  }

  moduleCreated(module: object): void {
    if (!thorough) this.#layers.useAll(); // which modules this step has executed, nobody has told
    tellThoroughly(true);
    this.#layers.created(module);
  }

  leafCreated(leaf: Tensor): void {
    this.#parameters.created(leaf);
  }

  moduleEnter(module: object): void {
    this.#forward();
    this.#layers.entered(module);
  }

  moduleExit(module: object, output: unknown): void {
    if (output instanceof Tensor) {
      if (this.#keeps) this.#kept.keep(this.#layers.layerOf(module), output);
      this.#inputs.made(module, output);
    }
    if (!this.#sampler.active && !this.#sampler.attending) return;
    const record = output instanceof Tensor && output.node ? this.#plan.of(output.node) : undefined;
    if (record) this.#activations.madeBy(this.#layers.layerOf(module), record);
  }

  operation(node: TapeNode, output: Tensor): void {
    this.#forward();
    const { active, attending, activations, rests } = this.#sampler;
    if (active) activations.begins(); // sites are looked up anew in these steps
    const record = this.#plan.add(node);
    if (active || this.#inputs.looks) this.#inputs.operation(node, output, record, active);
    if (rests) {
      if (node.operation === 'custom') tellThoroughly(true);
      return;
    }
    if (active) {
      if (record.id >= 0) this.#activations.measureOutput(record, node, output);
      activations.ends();
    } else if (attending) this.#attendTo(record, node, output);
  }

  /** What only layers under suspicion give is measured in this step. */
  #attendTo(record: OperationRecord, node: TapeNode, output: Tensor): void {
    if (record.id < 0 || !this.#attended.hasLayerOf(record)) return;
    const { attention } = this.#sampler;
    attention.begins();
    this.#activations.measureOutput(record, node, output);
    attention.ends();
  }

  lossGiven(loss: string, input: Tensor, target: Tensor, parameters: LossParameters): void {
    const evaluation = !isGradEnabled();
    if (!evaluation) this.#forward();
    this.#losses.given({ loss, input, target, parameters }, this.step, evaluation);
  }

  optimizerCreated(optimizer: object): void {
    this.#optimizers.created(optimizer);
    this.#curvature.optimizerCreated(optimizer);
  }

  /** Where nothing is recorded there are no phases either: an evaluation can be paused and stopped anywhere. */
  unrecorded(): void {
    if (this.#updating || this.#phase === 'backward') this.#options.control.check();
    else this.#options.control.evaluating('forward');
  }

  backwardBegin(root: Tensor, accumulates: boolean): void {
    this.#accumulates = accumulates;
    if (!accumulates) return;
    this.#endStepIfOver();
    this.#enter('backward');
    if (this.#differentiated) {
      this.#parameters.differentiatingAgain();
      this.#curvature.differentiatingAgain();
    } else {
      this.#parameters.differentiating();
      this.#curvature.differentiating(root, this.step);
    }
    const scalar = sizeOf(root.shape) === 1;
    if (scalar) this.#losses.differentiated(root, this.step);
    const loss = scalar ? lossOf(root) : Number.NaN;
    // Gradients of several backward passes add up, so the loss they belong to is the sum.
    this.#loss = Number.isNaN(this.#loss) ? loss : this.#loss + loss;
    if (scalar) this.#births.lossGiven(root, loss, this.step);
  }

  nodeBackward(node: TapeNode, gradient: Tensor, inputGradients: readonly (Tensor | null)[]): void {
    this.#options.control.check();
    if (node.operation === 'custom') this.#checkCustom(node, gradient, inputGradients);
    if (this.#accumulates) this.#births.passed(node, gradient, inputGradients);
    const { active, activations, attending, attention } = this.#sampler;
    if (!(active || attending) || !this.#accumulates) return;
    const record = this.#plan.of(node);
    if (!record || record.id < 0 || (!active && !this.#attended.hasLayerOf(record))) return;
    const account = active ? activations : attention;
    account.begins();
    this.#activations.measureGradient(record, node, gradient, inputGradients);
    account.ends();
  }

  backwardEnd(_root: Tensor, leaves: readonly Tensor[]): void {
    if (!this.#accumulates) return;
    this.#differentiated = true;
    this.#optimizers.backwardDone();
    this.#births.backwardDone(leaves, this.step);
    this.#sampler.regularBegins();
    this.#parameters.differentiated(leaves);
    this.#sampler.regularEnds();
  }

  updateBegin(optimizer: object, parameters: readonly Tensor[], measures: boolean): readonly Row[] {
    this.#enter('update');
    this.#updating = true;
    this.#measures = measures;
    this.#learningRate = learningRateOf(optimizer);
    this.#optimizers.updateBegin(optimizer);
    this.#sampler.regularBegins();
    const rows = this.#parameters.updateBegin(parameters, measures);
    this.#sampler.regularEnds();
    if (!this.#sampler.rests) this.#countMagnitudes();
    return rows;
  }

  updateEnd(): void {
    if (this.#measures) this.#sampler.estimate(this.#look);
    else {
      this.#sampler.regularBegins();
      this.#parameters.updateEnd();
      this.#sampler.regularEnds();
    }
    this.#updating = false;
    this.#updated = true;
    tellThoroughly(true);
  }

  /** The script has ended: tells what has been measured and not been told yet. */
  complete(): void {
    if (this.#differentiated) this.#tellStep();
    this.#optimizers.tellIdle();
    this.#losses.evaluated();
  }

  /** Share of training time that measuring has taken; of what optimizers' kernels do of it, an estimate. */
  get measuring(): number {
    return this.spent / Math.max(1e-3, 1000 * this.#options.seconds());
  }

  /** The same in milliseconds. */
  get spent(): number {
    return this.#sampler.spent;
  }

  /** While the training thread is held: a part of a tensor. */
  inspect(asked: InspectRequest): TensorFrame {
    try {
      return inspect(asked.of === 'output' ? this.#kept.find(asked.id) : this.#parameters.find(asked), asked);
    } catch (error) {
      return inspect(String(error), asked); // nothing is raised into training
    }
  }

  /** A user's own backward is checked once, unobserved: its forward runs some more times. */
  #checkCustom(node: TapeNode, gradient: Tensor, answers: readonly (Tensor | null)[]): void {
    const wrong = unobserved(() => noGrad(() => this.#customFunctions.check(node, gradient, answers)));
    if (!wrong) return;
    const record = this.#plan.of(node);
    const layer = record?.module ? this.#layers.layerOf(record.module) : null;
    this.#sink({ kind: 'gradient-check', step: this.step, ...wrong, layer, site: record?.site ?? null });
  }

  #forward(): void {
    if (this.#phase === 'forward') this.#options.control.check();
    else this.#beginForward();
  }

  #beginForward(): void {
    this.#endStepIfOver();
    this.#enter('forward');
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    const { control } = this.#options;
    control.boundary(phase);
    this.#keeps = control.keepsOutputs;
    if (this.#keeps) tellThoroughly(true);
    if (phase === 'forward' || !this.#keeps) this.#kept.clear();
  }

  #endStepIfOver(): void {
    if (!this.#updated && !(this.#differentiated && this.#parameters.movedOn())) return;
    this.#tellStep();
    this.#beginStep();
    this.#options.control.stepDone(this.step);
  }

  #tellStep(): void {
    if (!this.#sampler.rests) this.#countMagnitudes();
    this.#sampler.regularBegins();
    if (this.step <= STEPS_IDLE) this.#declareLate();
    this.#curvature.stepDone(this.#loss);
    this.#losses.evaluated();
    this.#sampler.regularEnds();
    const account = this.#sampler.telling;
    if (account) account.begins();
    else this.#sampler.regularBegins();
    this.#sendStep();
    if (account) account.ends();
    else this.#sampler.regularEnds();
    this.step++;
  }

  /** What the first steps didn't reach. */
  #declareLate(): void {
    if (DECLARE_MODELS.has(this.step)) this.#parameters.declareModels();
    if (this.step === STEPS_IDLE) this.#optimizers.tellIdle();
  }

  #sendStep(): void {
    const before = this.#time;
    this.#time = this.#options.seconds();
    this.#took = this.#time - before;
    const { rests } = this.#sampler;
    const { layers, operations } = rests ? NOTHING : this.#activations.take();
    this.#stepSink({
      kind: 'step',
      step: this.step,
      time: this.#time,
      loss: this.#loss,
      learningRate: this.#learningRate,
      parameters: this.#parameters.take(),
      layers,
      operations,
      histograms: rests ? undefined : this.#histograms.take(),
    });
  }

  /** Gradients that have been measured and not counted yet: before an update changes anything, or after one by hand. */
  #countMagnitudes(): void {
    const { histograms, histogramAccount, attending, attention } = this.#sampler;
    if (histograms === 'none' && !attending) return;
    const account = histograms === 'none' ? attention : histogramAccount;
    account.begins();
    this.#parameters.uncounted((id, gradient) => {
      const closely = attending && this.#attended.hasParameter(id);
      if (histograms !== 'none' || closely) this.#histograms.add(id, gradient, closely || histograms === 'whole');
    });
    account.ends();
  }

  /** Whether the step that begins is expected to do what the last one did, and nothing is sampled in it. */
  get #repeats(): boolean {
    if (!this.#sampler.rests || !this.#plan.repeats || this.#took >= SHORT) return false;
    return this.step % THOROUGH_STEPS !== 0 && !this.#later.again;
  }

  #beginStep(): void {
    if (!this.#sampler.rests) this.#activations.beginStep();
    this.#histograms.beginStep();
    this.#plan.beginStep();
    this.#layers.beginStep();
    this.#attended.hear(this.#sampler);
    this.#sampler.beginStep();
    this.#later.beginStep(this.step);
    this.#inputs.beginStep(this.step, this.#optimizers.count);
    this.#plan.verify = this.#sampler.active;
    tellThoroughly(!this.#repeats);
    this.#loss = Number.NaN;
    this.#differentiated = false;
    this.#updated = false;
  }
}

/** Of a scalar; where the type is known V8 reads it at once. */
function lossOf({ storage: { data }, offset }: Tensor): number {
  return data instanceof Float32Array ? data[offset] : Number(data[offset]);
}

function learningRateOf(optimizer: object): number {
  const { paramGroups } = optimizer as { paramGroups?: readonly { lr?: number }[] };
  return paramGroups?.[0]?.lr ?? Number.NaN;
}
