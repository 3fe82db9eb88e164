import type { Mark, TapeNode } from '../autograd/tape.ts';
import { placeKey, type Site } from '../site.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Layers } from './layers.ts';
import type { FrameSink } from './sink.ts';
import { callSite } from './sites.ts';

/** An operation as it occurs within a step, recognised from step to step. */
export interface OperationRecord extends Mark {
  /** −1 beyond the limit: recognised, but neither declared nor measured. */
  readonly id: number;
  readonly operation: string;
  readonly module: object | null;
  /** Its gradient goes to parameters only (a transposed weight, say), not on towards the input of the model. */
  readonly onlyParameters: boolean;
  /** Id of the layer whose output came in, be it through operations outside of layers; null if none did. */
  readonly follows: number | null;
  /** Operation, layer and site in one key. */
  readonly place: string;
}

/** Declared operations of one script at the most; a recurrence over very long sequences has more than anyone reads. */
const LIMIT = 4096;

/** A script that only ever goes forward never ends a step; beyond so many operations none is looked at any more. */
const MOST_IN_A_STEP = 65_536;
const UNKNOWN: OperationRecord = {
  id: -1,
  operation: '',
  site: null,
  module: null,
  onlyParameters: false,
  follows: null,
  place: '',
};

/**
 * Recognises the operations of a step. Looking up a call site costs microseconds, as much as a small operation, so it's
 * done when an operation is new; while a step repeats what the one before it did, its sites are taken from there.
 */
export class OperationPlan {
  readonly #sink: FrameSink;
  readonly #layerId: (module: object | null) => number | null;
  /** True for a module that is made of others. */
  readonly #isModel: (module: object | null) => boolean;
  readonly #known = new Map<string, OperationRecord>();
  /** Beyond the limit the occurrences at one place are not told apart. */
  readonly #beyond = new Map<string, OperationRecord>();
  /** The operations of the step before this one, in order, and of this one so far, `#count` of them: arrays that are used again. */
  #previous: OperationRecord[] = [];
  #current: OperationRecord[] = [];
  #count = 0;
  /** How often each place has occurred in this step, for the first `#counted` operations. */
  readonly #occurrences = new Map<string, number>();
  #counted = 0;
  /** The place on the tape of this step's first operation. */
  #firstSequence = Infinity;
  /** The step that is over did what the one before it had done. */
  repeats = false;
  #news = false;
  /** Verify sites even where the step repeats. */
  verify = true;

  constructor(sink: FrameSink, layers: Layers) {
    this.#sink = sink;
    this.#layerId = (module) => module && layers.layerOf(module);
    this.#isModel = (module) => module !== null && layers.isModel(module);
  }

  beginStep(): void {
    const done = this.#current;
    this.repeats = !this.#news && this.#count === this.#previous.length;
    this.#news = false;
    if (done.length !== this.#count) done.length = this.#count;
    this.#current = this.#previous;
    this.#previous = done;
    this.#count = 0;
    this.#firstSequence = Infinity;
    if (this.#counted > 0) this.#occurrences.clear();
    this.#counted = 0;
  }

  add(node: TapeNode): OperationRecord {
    if (this.#count >= MOST_IN_A_STEP) return UNKNOWN;
    const expected = this.expected();
    const repeats = !this.verify && expected?.operation === node.operation && expected.module === node.module;
    const record = repeats ? expected : this.#recognise(node, callSite());
    if (record !== expected) this.#news = true;
    if (this.#count === 0) this.#firstSequence = node.sequence;
    this.#current[this.#count++] = record;
    node.mark = record;
    return record;
  }

  /** What comes next if this step repeats the one before. */
  expected(): OperationRecord | undefined {
    return this.#count < this.#previous.length ? this.#previous[this.#count] : undefined;
  }

  /** The record of a node of this step; undefined for an older one. */
  of(node: TapeNode): OperationRecord | undefined {
    if (node.mark === null || node.sequence < this.#firstSequence) return undefined;
    return node.mark as OperationRecord;
  }

  /** The layer that made a tensor of this step, or whose output came into what made it; null if none did. */
  layerBefore({ node }: Tensor): number | null {
    const record = node && this.of(node);
    if (!record) return null;
    return this.#isModel(record.module) ? record.follows : (this.#layerId(record.module) ?? record.follows);
  }

  #recognise(node: TapeNode, site: Site | null): OperationRecord {
    const { module } = node;
    const layer = this.#layerId(module);
    const place = `${node.operation} ${layer} ${placeKey(site)}`;
    const occurrence = this.#occurrencesOf(place);
    const key = `${place} ${occurrence}`;
    let record = this.#known.get(key) ?? this.#beyond.get(place);
    if (!record) {
      record = this.#declare(node, { operation: node.operation, site, module, place }, layer, occurrence);
      if (record.id >= 0) this.#known.set(key, record);
      else this.#beyond.set(place, record);
    }
    return record;
  }

  /** Counted when first asked: a step that repeats the one before never asks. */
  #occurrencesOf(place: string): number {
    for (; this.#counted < this.#count; this.#counted++) {
      const { place } = this.#current[this.#counted];
      this.#occurrences.set(place, (this.#occurrences.get(place) ?? 0) + 1);
    }
    return this.#occurrences.get(place) ?? 0;
  }

  #declare(
    node: TapeNode,
    made: Pick<OperationRecord, 'operation' | 'site' | 'module' | 'place'>,
    layer: number | null,
    occurrence: number,
  ): OperationRecord {
    const { operation, shape, dtype } = node;
    const { site } = made;
    const id = this.#known.size < LIMIT ? this.#known.size : -1;
    const follows = this.#follows(node);
    if (id >= 0) this.#sink({ kind: 'operation', id, operation, occurrence, layer, follows, shape, dtype, site });
    return { ...made, id, follows, onlyParameters: node.inputs.every((input) => this.#isParameterLike(input)) };
  }

  #isParameterLike(input: Tensor): boolean {
    return input.node ? (this.of(input.node)?.onlyParameters ?? false) : input.requiresGrad;
  }

  /** The layer whose output came in, through however many operations of enclosing models. */
  #follows(node: TapeNode): number | null {
    for (const { node: producer } of node.inputs) {
      const record = producer && this.of(producer);
      if (!record || record.onlyParameters) continue;
      const layer = this.#isModel(record.module) ? record.follows : this.#layerId(record.module);
      if (layer !== null) return layer;
    }
    return null;
  }
}
