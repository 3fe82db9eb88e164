import type { OptimizerFrame } from '../run/frame.ts';
import type { Site } from '../site.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Parameters } from './parameters.ts';
import type { FrameSink } from './sink.ts';
import { callSite } from './sites.ts';

type Settings = Record<string, unknown>;

interface Known {
  readonly id: number;
  holds: number;
  updated: boolean;
}

/** Tells of optimizers: where they were made, what they hold. */
export class Optimizers {
  readonly #sink: FrameSink;
  readonly #parameters: Parameters;
  readonly #sites = new WeakMap<object, Site | null>();
  readonly #known = new WeakMap<object, Known>();
  /** Those that haven't updated yet. */
  readonly #idle = new Set<object>();
  #count = 0;
  #backwardPasses = 0;
  /** The one that was told of last: nearly always the next one's as well. */
  #last: { readonly optimizer: object | null; readonly known: Known | undefined } = {
    optimizer: null,
    known: undefined,
  };

  constructor(sink: FrameSink, parameters: Parameters) {
    this.#sink = sink;
    this.#parameters = parameters;
  }

  /** Those that have been told of. */
  get count(): number {
    return this.#count;
  }

  created(optimizer: object): void {
    this.#sites.set(optimizer, callSite());
    this.#idle.add(optimizer);
  }

  updateBegin(optimizer: object): void {
    if (this.#idle.size > 0) this.#idle.delete(optimizer);
    this.#tell(optimizer, true);
  }

  backwardDone(): void {
    this.#backwardPasses++;
  }

  /** Something was differentiated, and these are still idle. */
  tellIdle(): void {
    if (this.#backwardPasses === 0) return;
    for (const optimizer of this.#idle) this.#tell(optimizer, false);
    this.#idle.clear();
  }

  #tell(optimizer: object, updated: boolean): void {
    const groups = (optimizer as { paramGroups?: readonly ({ readonly params: readonly Tensor[] } & Settings)[] })
      .paramGroups;
    if (!groups) return;
    let holds = 0;
    for (let i = 0; i < groups.length; i++) holds += groups[i].params.length;
    const last = this.#last;
    let known = optimizer === last.optimizer ? last.known : this.#known.get(optimizer);
    if (known?.holds === holds && known.updated === updated) {
      if (optimizer !== last.optimizer) this.#last = { optimizer, known };
      return;
    }
    known = { id: known?.id ?? this.#count++, holds, updated };
    this.#known.set(optimizer, known);
    this.#last = { optimizer, known };
    const frame: OptimizerFrame = {
      kind: 'optimizer',
      id: known.id,
      type: optimizer.constructor.name,
      site: this.#sites.get(optimizer) ?? null,
      ...(updated ? { updatedAt: callSite() } : { backwardPasses: this.#backwardPasses }),
      parameters: this.#parameters.idsOf(groups.flatMap(({ params }) => params)),
      settings: numbersOf(groups[0] ?? {}),
    };
    this.#sink(frame);
  }
}

/** True where it says so; of other options false is no more than their absence. */
const asNumber = (value: unknown): unknown => (value === true ? 1 : value);

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((x) => typeof x === 'number');

const numbersOf = (settings: Settings): OptimizerFrame['settings'] =>
  Object.fromEntries(
    Object.entries(settings)
      .map(([name, value]): [string, unknown] => [name, name === 'maximize' ? asNumber(value) : value])
      .filter(
        (entry): entry is [string, number | readonly number[]] => typeof entry[1] === 'number' || isNumbers(entry[1]),
      ),
  );
