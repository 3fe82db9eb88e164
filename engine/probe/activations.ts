import type { TapeNode } from '../autograd/tape.ts';
import type { StatisticRows } from '../run/frame.ts';
import { ACTIVATION_STATISTICS } from '../run/statistics.ts';
import { elements } from '../tensor/elements.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { measure } from './measure.ts';
import type { OperationPlan, OperationRecord } from './operations.ts';
import { NO_ROWS, RowTable } from './rowTable.ts';
import { Units } from './units.ts';

/** Of a step in which nothing was measured. */
export const NOTHING: { readonly layers: StatisticRows; readonly operations: StatisticRows } = {
  layers: NO_ROWS,
  operations: NO_ROWS,
};

/** Measures what operations and layers give on the way forward, and what passes through them on the way back. */
export class Activations {
  readonly #plan: OperationPlan;
  readonly #units = new Units();
  readonly #operations = new RowTable(ACTIVATION_STATISTICS);
  readonly #layers = new RowTable(ACTIVATION_STATISTICS);
  /** The operation that made a layer's output in this step, last call. */
  readonly #made = new Map<number, OperationRecord>();

  constructor(plan: OperationPlan) {
    this.#plan = plan;
  }

  beginStep(): void {
    if (this.#made.size > 0) this.#made.clear();
  }

  /** A layer's output is that of an operation. */
  madeBy(layer: number, record: OperationRecord): void {
    this.#made.set(layer, record);
  }

  measureOutput({ id }: OperationRecord, node: TapeNode, output: Tensor): void {
    const data = elements(output);
    this.#operations.set(id, { ...measure(data), ...this.#units.measure(id, node, data) });
  }

  /** `gradient` came to an operation's rule, `inputGradients` go on from it. */
  measureGradient(
    { id }: OperationRecord,
    node: TapeNode,
    gradient: Tensor,
    inputGradients: readonly (Tensor | null)[],
  ): void {
    const gradientNorm = norm(gradient);
    const passedOn = inputGradients.filter((g, i): g is Tensor => g !== null && this.#leadsOn(node, i));
    const gain = passedOn.length ? Math.hypot(...passedOn.map(norm)) / gradientNorm : Number.NaN;
    this.#operations.set(id, { gradientNorm, gain });
  }

  /** The rows of the step that ends now. */
  take(): typeof NOTHING {
    if (this.#operations.empty) return NOTHING;
    for (const [layer, record] of this.#made) {
      const row = this.#operations.get(record.id);
      if (row) this.#layers.copy(layer, row);
    }
    return { layers: this.#layers.take(), operations: this.#operations.take() };
  }

  /** True if the gradient of a node's input flows on towards the model's input, not just into parameters. */
  #leadsOn(node: TapeNode, input: number): boolean {
    const producer = node.inputs[input]?.node;
    return producer ? !this.#plan.of(producer)?.onlyParameters : false;
  }
}

const norm = (tensor: Tensor): number => measure(elements(tensor)).norm;
