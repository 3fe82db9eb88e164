import type { StatisticRows } from '../run/frame.ts';
import type { Inspection } from '../run/inspection.ts';
import { PARAMETER_STATISTICS } from '../run/statistics.ts';
import type { Site } from '../site.ts';
import { allocateDirty, type DType, type Numbers } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Layers, ParameterOwner } from './layers.ts';
import { distance, measure } from './measure.ts';
import { RowTable } from './rowTable.ts';
import { sameUnits } from './sameUnits.ts';
import type { FrameSink } from './sink.ts';
import { callSite } from './sites.ts';

/** What is known of a parameter that has been declared. */
interface Declared {
  readonly id: number;
  readonly shape: string;
  /** The last step it took part in, and the moment of that. */
  step: number;
  used: number;
}

/** A copy where kernels reach it. */
function copied(dtype: DType, values: Numbers): Numbers {
  const copy = allocateDirty(dtype, values.length);
  copy.set(values);
  return copy;
}

const placeKey = (site: Site | null | undefined) => `${site?.file}:${site?.line}:${site?.column}`;
const NOWHERE: Site = { file: '', line: 0, column: 0 };

/**
 * Declares parameters and measures them: gradients as the optimizer is about to use them (after clipping, averaging),
 * weights before the update, and the update itself. Without an optimizer, gradients right after the backward pass.
 */
export class Parameters {
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
  readonly #rows = new RowTable(PARAMETER_STATISTICS);
  /** Parameters whose gradient has been measured and whose update hasn't, with the storage's version at that time. */
  readonly #pending = new Map<Tensor, number>();
  /** Leaves that the backward passes of this step gave a gradient, with the storage's version at that time. */
  readonly #left = new Map<Tensor, number>();
  /** The same of the step before. */
  #recent: readonly Tensor[] = [];
  /** Where the leaves of this step were made. */
  readonly #leftPlaces = new Set<string>();
  #remade = false;
  /** The weights before the update, in memory that is used again at every step. */
  readonly #before = new WeakMap<Tensor, Numbers>();
  readonly #names = new Map<string, number>();
  /** The gradients that updates have used, with the storage's version at that time. */
  readonly #used = new Map<Tensor, { readonly gradient: Tensor; readonly version: number }>();
  /** Norms of used gradients that were still there as the first backward pass of this step added to them. */
  readonly #stale = new Map<Tensor, number>();
  #optimized = false;

  constructor(sink: FrameSink, layers: Layers, name: (site: Site) => string | null) {
    this.#sink = sink;
    this.#layers = layers;
    this.#name = name;
  }

  created(leaf: Tensor): void {
    const site = callSite();
    this.#sites.set(leaf, site);
    this.#made.set(leaf, this.#clock++);
    if (!this.#optimized && this.#leftPlaces.has(placeKey(site))) this.#remade = true;
  }

  /** The first backward pass of a step is about to add to gradients. */
  differentiating(): void {
    for (const [leaf, { gradient, version }] of this.#used) {
      if (leaf.accumulated !== gradient || gradient.storage.version !== version) continue;
      const { norm } = measure(elements(gradient));
      if (norm > 0) this.#stale.set(leaf, norm);
    }
    this.#used.clear();
  }

  /** Ids of the parameters that aren't frozen, which are declared now if they haven't been. */
  idsOf(parameters: readonly Tensor[]): number[] {
    const trained = parameters.filter(({ requiresGrad }) => requiresGrad);
    this.#declareAll(trained);
    return trained.map((parameter) => this.#id(parameter));
  }

  /** Declares what the models have besides what backward passes have reached, but for what is frozen. */
  declareModels(): void {
    this.#declareAll([...this.#layers.parametersOfModels()].filter(({ requiresGrad }) => requiresGrad));
  }

  differentiated(leaves: readonly Tensor[]): void {
    this.#declareAll(leaves);
    for (const leaf of leaves) {
      this.#use(leaf);
      this.#left.set(leaf, leaf.storage.version);
      this.#leftPlaces.add(placeKey(this.#sites.get(leaf)));
    }
    // An optimizer will say when its update begins; until one has been seen, an update by hand is to be expected.
    if (!this.#optimized) for (const leaf of leaves) this.#measure(leaf);
  }

  /**
   * True if what the backward passes left behind has been used: weights changed by hand, gradients taken away, or a
   * leaf made anew.
   */
  movedOn(): boolean {
    if (this.#remade) return true;
    for (const [leaf, version] of this.#left) if (!leaf.accumulated || leaf.storage.version !== version) return true;
    return false;
  }

  updateBegin(parameters: readonly Tensor[]): void {
    this.#optimized = true;
    for (const parameter of parameters) this.#measure(parameter);
    this.#measureRest();
  }

  updateEnd(parameters: readonly Tensor[]): void {
    for (const parameter of parameters) this.#measureUpdate(parameter);
  }

  /** The tensor that is a parameter now, or its gradient; a text where there is none. */
  find({ of, id }: Inspection): Tensor | string {
    const tensor = [...this.#left.keys(), ...this.#recent, ...this.#layers.parametersOfModels()].find(
      (leaf) => this.#declared.get(leaf)?.id === id,
    );
    if (!tensor) return 'This tensor is not in memory now.';
    return of === 'weight' ? tensor : (tensor.accumulated ?? 'There is no gradient at this moment.');
  }

  /** The rows of the step that ends now. */
  take(): StatisticRows {
    this.#measureRest();
    for (const [leaf, version] of this.#pending) if (leaf.storage.version !== version) this.#measureUpdate(leaf);
    for (const [leaf, version] of this.#left) this.#noteUse(leaf, version);
    this.#recent = [...this.#left.keys()];
    this.#pending.clear();
    this.#stale.clear();
    this.#left.clear();
    this.#leftPlaces.clear();
    this.#remade = false;
    this.#step++;
    return this.#rows.take();
  }

  /** Leaves with a gradient that no optimizer has asked for: left out by mistake, or the script ended before. */
  #measureRest(): void {
    for (const leaf of this.#left.keys()) if (!this.#rows.get(this.#id(leaf))) this.#measure(leaf);
  }

  /** Remembers the gradient of a leaf that has changed since the backward pass. */
  #noteUse(leaf: Tensor, version: number): void {
    const { accumulated: gradient } = leaf;
    if (gradient && leaf.storage.version !== version) {
      this.#used.set(leaf, { gradient, version: gradient.storage.version });
    }
  }

  #measure(parameter: Tensor): void {
    if (!parameter.accumulated) return;
    const g = measure(elements(parameter.accumulated));
    const weights = elements(parameter);
    const w = measure(weights);
    this.#rows.set(this.#id(parameter), {
      gradientNorm: g.norm,
      gradientMean: g.mean,
      gradientStd: g.std,
      gradientMin: g.min,
      gradientMax: g.max,
      gradientZeroShare: g.zeroShare,
      gradientNonFinite: g.nonFinite,
      weightNorm: w.norm,
      weightMean: w.mean,
      weightStd: w.std,
      weightMin: w.min,
      weightMax: w.max,
      staleNorm: this.#stale.get(parameter) ?? 0,
      sameUnits: sameUnits(parameter, weights),
    });
    const before = this.#before.get(parameter);
    if (before) before.set(weights);
    else this.#before.set(parameter, copied(parameter.dtype, weights));
    this.#pending.set(parameter, parameter.storage.version);
  }

  #measureUpdate(parameter: Tensor): void {
    const before = this.#before.get(parameter);
    if (!before || !this.#pending.delete(parameter)) return;
    this.#rows.set(this.#id(parameter), { updateNorm: distance(elements(parameter), before) });
  }

  /** New ones in the order of their layers, or of the source: backward meets the last one first. */
  #declareAll(leaves: readonly Tensor[]): void {
    const fresh = leaves.filter((leaf) => !this.#declared.has(leaf));
    const layer = (leaf: Tensor) => {
      const owner = this.#layers.owner(leaf);
      return owner ? this.#layers.layerOf(owner.module) : Number.MAX_SAFE_INTEGER;
    };
    const site = (leaf: Tensor) => this.#sites.get(leaf) ?? NOWHERE;
    const bySource = (a: Site, b: Site) => a.line - b.line || a.column - b.column;
    for (const leaf of fresh.sort((a, b) => layer(a) - layer(b) || bySource(site(a), site(b)))) this.#id(leaf);
  }

  #id(parameter: Tensor): number {
    let declared = this.#declared.get(parameter);
    if (!declared) {
      const owner = this.#layers.owner(parameter);
      declared = owner ? this.#ofLayer(parameter, owner) : this.#ofPlace(parameter);
      this.#declared.set(parameter, declared);
    }
    return declared.id;
  }

  #use(leaf: Tensor): void {
    const declared = this.#declared.get(leaf);
    if (!declared) return;
    declared.step = this.#step;
    declared.used = this.#clock++;
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
    const site = this.#sites.get(parameter) ?? null;
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
    this.#sink({ kind: 'parameter', id, name, shape, dtype, layer, site: this.#sites.get(parameter) ?? null });
    return { id, shape: shape.join(), step: this.#step, used: this.#clock };
  }

  /** Several tensors made by one expression, in a loop say, are numbered: `W`, `W.1`, `W.2`. */
  #unique(name: string): string {
    const count = this.#names.get(name) ?? 0;
    this.#names.set(name, count + 1);
    return count ? `${name}.${count}` : name;
  }
}
