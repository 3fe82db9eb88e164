import type { TapeNode } from '../autograd/tape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { BackwardBirths } from './backwardBirths.ts';
import { type Birth, birthOfNonFinite } from './birth.ts';
import type { Layers } from './layers.ts';
import type { OperationPlan } from './operations.ts';
import type { FrameSink } from './sink.ts';

/** Tells where the first value came from that isn't finite, in the forward or in the backward pass, once. */
export class Births {
  readonly #sink: FrameSink;
  readonly #plan: OperationPlan;
  readonly #layers: Layers;
  readonly #backward = new BackwardBirths();
  /** Something has been seen that isn't finite. */
  #broken = false;

  constructor(sink: FrameSink, plan: OperationPlan, layers: Layers) {
    this.#sink = sink;
    this.#plan = plan;
    this.#layers = layers;
  }

  /** A backward pass begins at a loss. The tape is still there to be walked, so finding the origin costs nothing until it's needed. */
  lossGiven(root: Tensor, loss: number, step: number): void {
    if (this.#broken || Number.isFinite(loss)) return;
    this.#broken = true;
    const birth = birthOfNonFinite(root);
    if (birth) this.#tell(birth, step, false);
  }

  /** A rule of the tape has been applied. */
  passed(node: TapeNode, gradient: Tensor, inputGradients: readonly (Tensor | null)[]): void {
    if (!this.#broken) this.#backward.passed(node, gradient, inputGradients);
  }

  /** All gradients have been added up in the leaves. */
  backwardDone(leaves: readonly Tensor[], step: number): void {
    const birth = this.#backward.over(leaves);
    if (birth) this.#tell(birth, step, true);
  }

  #tell({ node, operation, value, inputs, masked }: Birth, step: number, backward: boolean): void {
    this.#broken = true;
    const record = node && this.#plan.of(node);
    const layer = record?.module ? this.#layers.layerOf(record.module) : null;
    const site = record?.site ?? null;
    const more = { ...(backward && { backward }), ...(masked && { masked }) };
    this.#sink({ kind: 'non-finite', step, operation, layer, site, value, inputs, ...more });
  }
}
