import { kernels } from '../kernels/kernels.ts';
import type { Row } from '../kernels/reference/statistics.ts';
import type { StatisticRows } from '../run/frame.ts';
import type { Inspection } from '../run/inspection.ts';
import { PARAMETER_STATISTICS } from '../run/statistics.ts';
import { placeKey, type Site } from '../site.ts';
import { allocateDirty } from '../tensor/allocate.ts';
import type { Numbers } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Declarations, type Declared } from './declarations.ts';
import type { Layers } from './layers.ts';
import { measure } from './measure.ts';
import { ParameterRows } from './parameterRows.ts';
import { sameUnits } from './sameUnits.ts';
import type { FrameSink } from './sink.ts';
import { SteadyList } from './steadyList.ts';

const STALE_NORM = PARAMETER_STATISTICS.indexOf('staleNorm');
const SAME_UNITS = PARAMETER_STATISTICS.indexOf('sameUnits');

/** A leaf that takes part in training. */
interface Watched {
  readonly leaf: Tensor;
  readonly declared: Declared;
  /** The weights before an update that doesn't measure itself, in memory that is used again at every step. */
  before: Numbers | null;
  /** The storage's version after the backward pass; −1 unless one of this step gave it a gradient. */
  left: number;
  /** The same as its gradient was measured; −1 unless its update is still to be. */
  pending: number;
  /** The gradient that an update has used, and its storage's version at that time. */
  used: Tensor | null;
  usedVersion: number;
  /** Norm of a used gradient that was still there as the first backward pass of this step added to it. */
  stale: number;
  /** That gradient. */
  staleGradient: Tensor | null;
  /** The last step at which its gradient was visited. */
  counted: number;
}

/**
 * Measures parameters: gradients as the optimizer is about to use them (after clipping, averaging), weights before the
 * update, and the update itself. Without an optimizer, gradients right after the backward pass.
 */
export class Parameters {
  readonly #layers: Layers;
  readonly #declarations: Declarations;
  readonly #rows = new ParameterRows();
  readonly #watched = new WeakMap<Tensor, Watched>();
  /** Leaves that the backward passes of this step gave a gradient. */
  #left = new SteadyList<Watched>();
  /** The same of the step before. */
  #recent = new SteadyList<Watched>();
  /** Those whose gradient an update has used since. */
  readonly #used = new SteadyList<Watched>();
  /** Those whose used gradient was still there as this step's first backward pass began. */
  readonly #stale: Watched[] = [];
  /** Leaves of the last backward pass and of the last update, in order: nearly always the next one's as well. */
  #differentiated: Watched[] = [];
  #updated: Watched[] = [];
  /** Where their statistics belong, in the same order. */
  #updatedRows: Row[] = [];
  /** Whether the last update had all leaves of a backward pass, and of which one. */
  #covers = false;
  #covered: readonly Watched[] = [];
  /** Every leaf that the backward passes of this step reached has its row. */
  #complete = false;
  /** Where the leaves of this step were made, until an optimizer has been seen. */
  readonly #leftPlaces = new Set<string>();
  #remade = false;
  #optimized = false;
  #step = 0;

  constructor(sink: FrameSink, layers: Layers, name: (site: Site) => string | null) {
    this.#layers = layers;
    this.#declarations = new Declarations(sink, layers, name);
  }

  created(leaf: Tensor): void {
    const site = this.#declarations.created(leaf);
    if (!this.#optimized && this.#leftPlaces.has(placeKey(site))) this.#remade = true;
  }

  /** The first backward pass of a step is about to add to gradients. */
  differentiating(): void {
    const list = this.#used;
    for (let i = 0; i < list.length; i++) {
      const watched = list.at(i);
      const { used } = watched;
      watched.used = null;
      if (!used || watched.leaf.accumulated !== used || used.storage.version !== watched.usedVersion) continue;
      watched.stale = measure(elements(used)).norm;
      watched.staleGradient = used;
      this.#stale.push(watched);
    }
    list.clear();
  }

  /** So is another one. What was zeroed meanwhile, before any of this step's added to it, isn't stale. */
  differentiatingAgain(): void {
    for (const watched of this.#stale) {
      const { leaf, staleGradient, usedVersion } = watched;
      if (watched.left >= 0 || staleGradient === null) continue;
      if (leaf.accumulated !== staleGradient || staleGradient.storage.version !== usedVersion) watched.stale = 0;
    }
  }

  /** Ids of the parameters that aren't frozen, which are declared now if they haven't been. */
  idsOf(parameters: readonly Tensor[]): number[] {
    const trained = parameters.filter(({ requiresGrad }) => requiresGrad);
    this.#declarations.declareAll(trained);
    return trained.map((parameter) => this.#declarations.of(parameter).id);
  }

  /** Declares what the models have besides what backward passes have reached, but for what is frozen. */
  declareModels(): void {
    this.#declarations.declareAll([...this.#layers.parametersOfModels()].filter(({ requiresGrad }) => requiresGrad));
  }

  differentiated(leaves: readonly Tensor[]): void {
    this.#differentiated = this.#recognised(leaves, this.#differentiated);
    this.#complete = false;
    const list = this.#differentiated;
    for (let i = 0; i < list.length; i++) {
      const watched = list[i];
      this.#declarations.use(watched.declared);
      if (watched.left < 0) this.#left.push(watched);
      watched.left = watched.leaf.storage.version;
      // An optimizer will say when its update begins; until one has been seen, an update by hand is to be expected.
      if (this.#optimized) continue;
      this.#leftPlaces.add(placeKey(this.#declarations.siteOf(watched.leaf)));
      this.#measure(watched);
    }
  }

  /**
   * True if what the backward passes left behind has been used: weights changed by hand, gradients taken away, or a
   * leaf made anew.
   */
  movedOn(): boolean {
    if (this.#remade) return true;
    for (let i = 0; i < this.#left.length; i++) {
      const { leaf, left } = this.#left.at(i);
      if (!leaf.accumulated || leaf.storage.version !== left) return true;
    }
    return false;
  }

  /** `measures`: the update puts statistics into the rows that it is given, one for each parameter. */
  updateBegin(parameters: readonly Tensor[], measures: boolean): readonly Row[] {
    this.#optimized = true;
    const updated = this.#recognised(parameters, this.#updated);
    if (updated !== this.#updated || this.#differentiated !== this.#covered) this.#compare(updated);
    for (let i = 0; i < updated.length; i++) {
      if (!measures) this.#measure(updated[i]);
      else {
        updated[i].pending = -1;
        this.#updatedRows[i] = this.#open(updated[i]);
      }
    }
    if (this.#covers && this.#left.length === this.#differentiated.length) this.#complete = true;
    else this.#measureRest();
    return this.#updatedRows;
  }

  #compare(updated: Watched[]): void {
    this.#updated = updated;
    this.#updatedRows = [];
    this.#covered = this.#differentiated;
    const all = new Set(updated);
    this.#covers = this.#differentiated.every((watched) => all.has(watched));
  }

  updateEnd(): void {
    const updated = this.#updated;
    for (let i = 0; i < updated.length; i++) if (updated[i].pending >= 0) this.#measureUpdate(updated[i]);
  }

  /** Reads the parameters of the last update and their gradients, as its kernels did for statistics; tells nothing. */
  look(): void {
    for (const { leaf } of this.#updated) {
      measure(elements(leaf));
      if (leaf.accumulated) measure(elements(leaf.accumulated));
    }
  }

  /** The tensor that is a parameter now, or its gradient; a text where there is none. */
  find({ of, id }: Inspection): Tensor | string {
    const used = [...this.#left.all(), ...this.#recent.all()].map(({ leaf }) => leaf);
    const tensor = [...used, ...this.#layers.parametersOfModels()].find(
      (leaf) => this.#declarations.ifAny(leaf)?.id === id,
    );
    if (!tensor) return 'This tensor is not in memory now.';
    return of === 'weight' ? tensor : (tensor.accumulated ?? 'There is no gradient at this moment.');
  }

  /** Visits the gradients that were measured in this step and not visited since. */
  uncounted(visit: (id: number, gradient: Numbers) => void): void {
    for (const list of [this.#left.all(), this.#updated]) {
      for (const watched of list) {
        const { leaf, declared } = watched;
        if (watched.counted === this.#step || !leaf.accumulated || !this.#rows.get(declared.id)) continue;
        watched.counted = this.#step;
        visit(declared.id, elements(leaf.accumulated));
      }
    }
  }

  /** The rows of the step that ends now; they change with the next one. */
  take(): StatisticRows {
    if (!this.#complete) this.#measureRest();
    this.#complete = false;
    const left = this.#left;
    for (let i = 0; i < left.length; i++) {
      const watched = left.at(i);
      // An update has used it; or it held a used one, as of a discriminator through which its generator's gradient passed.
      const used = watched.leaf.storage.version !== watched.left || watched.stale > 0;
      if (watched.pending >= 0 && watched.leaf.storage.version !== watched.pending) this.#measureUpdate(watched);
      if (used) this.#noteUse(watched);
      watched.left = -1;
      watched.pending = -1;
    }
    if (this.#stale.length > 0) this.#forgetStale();
    this.#left = this.#recent;
    this.#recent = left;
    this.#left.clear();
    if (this.#leftPlaces.size > 0) this.#leftPlaces.clear();
    this.#remade = false;
    this.#declarations.stepDone();
    this.#step++;
    return this.#rows.take();
  }

  /** Leaves with a gradient that no optimizer has asked for: left out by mistake, or the script ended before. */
  #measureRest(): void {
    const left = this.#left;
    for (let i = 0; i < left.length; i++) if (!this.#rows.get(left.at(i).declared.id)) this.#measure(left.at(i));
  }

  /** Remembers the gradient of a leaf that has changed since the backward pass. */
  #noteUse(watched: Watched): void {
    const { accumulated } = watched.leaf;
    if (!accumulated) return;
    watched.used = accumulated;
    watched.usedVersion = accumulated.storage.version;
    this.#used.push(watched);
  }

  /** Also of those that this step's backward passes didn't reach, another player's say: what they hold is as old in the next one. */
  #forgetStale(): void {
    for (const watched of this.#stale) {
      const { leaf, used, staleGradient, usedVersion } = watched;
      watched.stale = 0;
      watched.staleGradient = null;
      if (used || !staleGradient || leaf.accumulated !== staleGradient) continue;
      if (staleGradient.storage.version !== usedVersion) continue;
      watched.used = staleGradient;
      this.#used.push(watched);
    }
    this.#stale.length = 0;
  }

  /** The row of a parameter that has a gradient, with what kernels don't tell. */
  #open({ leaf, declared, stale }: Watched): Row {
    const row = this.#rows.open(declared.id);
    const { values, at } = row;
    values[at + STALE_NORM] = stale;
    values[at + SAME_UNITS] = sameUnits(leaf);
    return row;
  }

  #measure(watched: Watched): void {
    const { leaf } = watched;
    if (!leaf.accumulated) return;
    watched.before ??= allocateDirty(leaf.dtype, leaf.numel());
    kernels.measureParameter(elements(leaf), elements(leaf.accumulated), watched.before, this.#open(watched));
    watched.pending = leaf.storage.version;
  }

  #measureUpdate(watched: Watched): void {
    const { leaf, before, declared, pending } = watched;
    watched.pending = -1;
    const row = this.#rows.get(declared.id);
    if (pending >= 0 && before && row) kernels.measureUpdate(elements(leaf), before, row);
  }

  /** What is known of leaves; `last` itself if they are the same ones. */
  #recognised(leaves: readonly Tensor[], last: Watched[]): Watched[] {
    let same = last.length === leaves.length;
    for (let i = 0; same && i < last.length; i++) same = last[i].leaf === leaves[i];
    if (same) return last;
    this.#declarations.declareAll(leaves);
    return leaves.map((leaf) => this.#watch(leaf));
  }

  #watch(leaf: Tensor): Watched {
    let watched = this.#watched.get(leaf);
    if (!watched) {
      const declared = this.#declarations.of(leaf);
      watched = {
        leaf,
        declared,
        before: null,
        left: -1,
        pending: -1,
        used: null,
        usedVersion: 0,
        stale: 0,
        staleGradient: null,
        counted: -1,
      };
      this.#watched.set(leaf, watched);
    }
    return watched;
  }
}
