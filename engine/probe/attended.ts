import type { Layers } from './layers.ts';
import type { OperationRecord } from './operations.ts';
import type { Sampler } from './sampler.ts';
import type { RunControl } from './sink.ts';

/** The layers and parameters under suspicion, as the run's control says: what somebody has asked to look at more closely. */
export class Attended {
  readonly #control: RunControl;
  readonly #layers: Layers;
  #suspects = { layers: new Set<number>(), parameters: new Set<number>() };
  /** Which news of it was the last. */
  #heard = 0;

  constructor(control: RunControl, layers: Layers) {
    this.#control = control;
    this.#layers = layers;
  }

  /** A step begins. */
  hear(sampler: Sampler): void {
    if (this.#control.attention === this.#heard) return;
    this.#heard = this.#control.attention;
    const { attended } = this.#control;
    this.#suspects = { layers: new Set(attended.layers), parameters: new Set(attended.parameters) };
    sampler.attend(attended.layers.length + attended.parameters.length > 0);
  }

  /** Whether the layer that an operation belongs to is under suspicion. */
  hasLayerOf({ module }: OperationRecord): boolean {
    return module !== null && this.#suspects.layers.has(this.#layers.layerOf(module));
  }

  hasParameter(id: number): boolean {
    return this.#suspects.parameters.has(id);
  }
}
