import type { TapeNode } from '../autograd/tape.ts';
import { isFloating } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Layers } from './layers.ts';
import { measure } from './measure.ts';
import type { OperationRecord } from './operations.ts';
import type { FrameSink } from './sink.ts';

/** Steps that are told of. */
export const FIRST_STEPS = 3;
/** Places that are. */
const MOST = 16;

/** Operations that apply weights, and the dimension of their first input that runs over features. */
const FEATURES: { readonly [operation: string]: number } = { linear: -1, matmul: -1, conv2d: 1 };

/** Tells of the data that enter layers with weights: tensors without a history that ask for no gradient. */
export class Inputs {
  readonly #sink: FrameSink;
  #told = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** An operation of the first steps. */
  operation(node: TapeNode, { site, id, module }: OperationRecord, layers: Layers, step: number): void {
    if (this.#told >= MOST || id < 0 || !(node.operation in FEATURES)) return;
    const data = node.inputs[0];
    if (data.node || data.requiresGrad || !isFloating(data.dtype) || data.shape.length < 2) return;
    const { min, max, mean, std, nonFinite } = measure(elements(data));
    if (nonFinite || !(std > 0)) return; // a state that begins with zeros is no data
    this.#told++;
    const features = rootMeanSquares(data, FEATURES[node.operation]).filter((x) => x > 0);
    this.#sink({
      kind: 'input',
      step,
      layer: module && layers.layerOf(module),
      site,
      shape: data.shape,
      min,
      max,
      mean,
      std,
      leastFeature: Math.min(...features),
      greatestFeature: Math.max(...features),
    });
  }
}

function rootMeanSquares(data: Tensor, dim: number): number[] {
  const { shape } = data;
  const axis = dim < 0 ? shape.length + dim : dim;
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const features = shape[axis];
  const squares = new Array<number>(features).fill(0);
  const x = elements(data);
  for (let i = 0; i < x.length; i++) squares[Math.floor(i / inner) % features] += x[i] * x[i];
  return squares.map((sum) => Math.sqrt((sum * features) / x.length));
}
