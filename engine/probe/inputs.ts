import type { TapeNode } from '../autograd/tape.ts';
import { isFloating } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import type { Storage } from '../tensor/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Later } from './later.ts';
import type { Layers } from './layers.ts';
import { measure } from './measure.ts';
import type { OperationPlan, OperationRecord } from './operations.ts';
import { Samples } from './samples.ts';
import type { FrameSink } from './sink.ts';

/** Steps that are told of. */
const FIRST_STEPS = 3;
/** Places that are; and of a later step. */
const MOST = 16;
/** Features of which mean and deviation are told. */
const MOST_FEATURES = 64;

/** Operations that apply weights, and the dimension of their first input that runs over features. */
const FEATURES: { readonly [operation: string]: number } = { linear: -1, matmul: -1, conv2d: 1 };

/**
 * Tells of the data that enter layers with weights: tensors without a history that ask for no gradient. Where several players are
 * trained also at some later steps, and there also of what one model has made and another is given.
 */
export class Inputs {
  readonly #sink: FrameSink;
  readonly #layers: Layers;
  readonly #plan: OperationPlan;
  readonly #later: Later;
  readonly #samples: Samples;
  /** Of the step. */
  #told = 0;
  #step = -1;
  /** What models have put out, in the later steps that are told of. */
  #made = new WeakMap<Storage, object | null>();
  /** Several optimizers train. */
  #hasPlayers = false;

  constructor(sink: FrameSink, layers: Layers, plan: OperationPlan, later: Later) {
    this.#sink = sink;
    this.#layers = layers;
    this.#plan = plan;
    this.#later = later;
    this.#samples = new Samples(sink);
  }

  beginStep(step: number, players: number): void {
    if (step >= FIRST_STEPS) this.#told = 0;
    this.#step = step;
    this.#hasPlayers = players > 1 && this.#later.again;
    if (this.#hasPlayers && this.#later.first) this.#made = new WeakMap();
  }

  /** Whether a step is to be told of. */
  get looks(): boolean {
    return this.#step < FIRST_STEPS || this.#hasPlayers;
  }

  /** A module has put out something. */
  made(module: object, { storage }: Tensor): void {
    if (this.#hasPlayers) this.#made.set(storage, this.#layers.modelOf(module));
  }

  /** An operation of a step; `measures`: one at which more is measured than parameters. */
  operation(node: TapeNode, output: Tensor, record: OperationRecord, measures: boolean): void {
    if (this.#hasPlayers && node.module) this.made(node.module, output);
    if (record.id < 0 || !(node.operation in FEATURES)) return;
    const data = node.inputs[0];
    if (!isFloating(data.dtype) || data.shape.length < 2 || data.numel() === 0) return;
    const isData = !data.node && !data.requiresGrad;
    if (measures && isData && !this.#samples.done) this.#samples.enter(data, this.#layerOf(record), this.#step);
    const generated = this.#hasPlayers && this.#isGenerated(data, record);
    if (this.looks && (isData || generated)) this.#tell(data, record, FEATURES[node.operation], generated);
  }

  /** Another model's, of this step or of one before it. */
  #isGenerated({ node, storage }: Tensor, { module }: OperationRecord): boolean {
    if (!module) return false;
    const own = this.#layers.modelOf(module);
    if (!node) return this.#made.has(storage) && this.#made.get(storage) !== own;
    const made = this.#plan.of(node);
    if (!made) return true;
    return made.module !== null && this.#layers.modelOf(made.module) !== own;
  }

  #layerOf({ module }: OperationRecord): number | null {
    return module && this.#layers.layerOf(module);
  }

  #tell(data: Tensor, record: OperationRecord, dim: number, generated: boolean): void {
    if (this.#told >= MOST) return;
    const { min, max, mean, std, nonFinite } = measure(elements(data));
    if (nonFinite || !(std > 0 || generated)) return; // a state that begins with zeros is no data
    this.#told++;
    const { means, deviations } = features(data, dim);
    const sizes = means.map((mean, i) => Math.hypot(mean, deviations[i])).filter((x) => x > 0);
    this.#sink({
      kind: 'input',
      step: this.#step,
      layer: this.#layerOf(record),
      site: record.site,
      shape: data.shape,
      min,
      max,
      mean,
      std,
      leastFeature: Math.min(...sizes),
      greatestFeature: Math.max(...sizes),
      ...(this.#hasPlayers && {
        again: true,
        means: means.slice(0, MOST_FEATURES),
        deviations: deviations.slice(0, MOST_FEATURES),
      }),
      ...(generated && { generated }),
    });
  }
}

/** Means and standard deviations of what lies along a dimension. */
function features(data: Tensor, dim: number): { readonly means: number[]; readonly deviations: number[] } {
  const { shape } = data;
  const axis = dim < 0 ? shape.length + dim : dim;
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const count = shape[axis];
  const [sums, squares] = [new Array<number>(count).fill(0), new Array<number>(count).fill(0)];
  const x = elements(data);
  for (let i = 0; i < x.length; i++) {
    const feature = Math.floor(i / inner) % count;
    sums[feature] += x[i];
    squares[feature] += x[i] * x[i];
  }
  const each = x.length / count;
  const means = sums.map((sum) => sum / each);
  return { means, deviations: squares.map((sum, i) => Math.sqrt(Math.max(0, sum / each - means[i] ** 2))) };
}
