import { placeKey, type Site } from '../site.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Layers, ParameterOwner } from './layers.ts';
import type { FrameSink } from './sink.ts';
import { callSite } from './sites.ts';

/** What is known of a parameter that has been declared. */
export interface Declared {
  readonly id: number;
  readonly shape: string;
  /** The last step it took part in, and the moment of that. */
  step: number;
  used: number;
}

const NOWHERE: Site = { file: '', line: 0, column: 0 };

/** Names parameters and declares them. A tensor made anew at every step stays one parameter. */
export class Declarations {
  readonly #sink: FrameSink;
  readonly #layers: Layers;
  readonly #name: (site: Site) => string | null;
  readonly #declared = new WeakMap<Tensor, Declared>();
  #count = 0;
  /** By layer and field. */
  readonly #owned = new Map<string, Declared>();
  /** Tensors without a module, by where they were made. */
  readonly #loose = new Map<string, Declared[]>();
  #step = 0;
  /** Counts moments: makings and uses of leaves. */
  #clock = 0;
  readonly #made = new WeakMap<Tensor, number>();
  readonly #sites = new WeakMap<Tensor, Site | null>();
  readonly #names = new Map<string, number>();

  constructor(sink: FrameSink, layers: Layers, name: (site: Site) => string | null) {
    this.#sink = sink;
    this.#layers = layers;
    this.#name = name;
  }

  /** A leaf has been made. @returns Where. */
  created(leaf: Tensor): Site | null {
    const site = callSite();
    this.#sites.set(leaf, site);
    this.#made.set(leaf, this.#clock++);
    return site;
  }

  siteOf(leaf: Tensor): Site | null {
    return this.#sites.get(leaf) ?? null;
  }

  stepDone(): void {
    this.#step++;
  }

  /** A parameter takes part in this step. */
  use(declared: Declared): void {
    declared.step = this.#step;
    declared.used = this.#clock++;
  }

  ifAny(parameter: Tensor): Declared | undefined {
    return this.#declared.get(parameter);
  }

  /** Those that are new, in the order of their layers, or of the source: backward meets the last one first. */
  declareAll(leaves: readonly Tensor[]): void {
    const fresh = leaves.filter((leaf) => !this.#declared.has(leaf));
    const layer = (leaf: Tensor) => {
      const owner = this.#layers.owner(leaf);
      return owner ? this.#layers.layerOf(owner.module) : Number.MAX_SAFE_INTEGER;
    };
    const site = (leaf: Tensor) => this.#sites.get(leaf) ?? NOWHERE;
    const bySource = (a: Site, b: Site) => a.line - b.line || a.column - b.column;
    for (const leaf of fresh.sort((a, b) => layer(a) - layer(b) || bySource(site(a), site(b)))) this.of(leaf);
  }

  /** What a parameter has been declared as, now if it hadn't been. */
  of(parameter: Tensor): Declared {
    let declared = this.#declared.get(parameter);
    if (!declared) {
      const owner = this.#layers.owner(parameter);
      declared = owner ? this.#ofLayer(parameter, owner) : this.#ofPlace(parameter);
      this.#declared.set(parameter, declared);
    }
    return declared;
  }

  /** A module made anew at every step stays one layer, and its parameters stay the same. */
  #ofLayer(parameter: Tensor, owner: ParameterOwner): Declared {
    const layer = this.#layers.layerOf(owner.module);
    const key = `${layer} ${owner.key}`;
    const declared = this.#owned.get(key) ?? this.#declare(parameter, this.#layers.parameterName(owner), layer);
    this.#owned.set(key, declared);
    return declared;
  }

  /**
   * A tensor made anew at every step stays one parameter: made at the same place after that was used for the last time,
   * in an earlier step. Several made at one place and used side by side are several.
   */
  #ofPlace(parameter: Tensor): Declared {
    const site = this.siteOf(parameter);
    const place = placeKey(site);
    const shape = parameter.shape.join();
    const made = this.#made.get(parameter) ?? 0;
    const siblings = this.#loose.get(place) ?? [];
    this.#loose.set(place, siblings);
    const earlier = siblings.find((s) => s.shape === shape && s.used < made && s.step < this.#step);
    if (earlier) return earlier;
    const declared = this.#declare(parameter, this.#unique((site && this.#name(site)) ?? 'tensor'), null);
    siblings.push(declared);
    return declared;
  }

  #declare(parameter: Tensor, name: string, layer: number | null): Declared {
    const id = this.#count++;
    const { shape, dtype } = parameter;
    this.#sink({ kind: 'parameter', id, name, shape, dtype, layer, site: this.siteOf(parameter) });
    return { id, shape: shape.join(), step: this.#step, used: this.#clock };
  }

  /** Several tensors made by one expression, in a loop say, are numbered: `W`, `W.1`, `W.2`. */
  #unique(name: string): string {
    const count = this.#names.get(name) ?? 0;
    this.#names.set(name, count + 1);
    return count ? `${name}.${count}` : name;
  }
}
