import { expose } from '../autograd/internal.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Layers' outputs of the step under way, by layer: for whoever looks on step by step. */
export class KeptOutputs {
  readonly #kept = new Map<number, { readonly output: Tensor; readonly version: number }>();

  keep(layer: number, output: Tensor): void {
    expose(output);
    this.#kept.set(layer, { output, version: output.storage.version });
  }

  clear(): void {
    if (this.#kept.size > 0) this.#kept.clear();
  }

  /** A layer's output; a text where it can't be seen. */
  find(layer: number): Tensor | string {
    const kept = this.#kept.get(layer);
    if (!kept) return 'This output is not in memory. Outputs are kept while stepping: take a step, then look again.';
    const { output, version } = kept;
    return output.storage.version === version ? output : 'This output has been overwritten in place since.';
  }
}
