import type { OptimizerFrame } from '../run/frame.ts';
import type { Site } from '../site.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Parameters } from './parameters.ts';
import type { FrameSink } from './sink.ts';
import { callSite } from './sites.ts';

type Settings = Record<string, unknown>;

/** Tells of optimizers: where they were made, what they hold. */
export class Optimizers {
  readonly #sink: FrameSink;
  readonly #parameters: Parameters;
  readonly #sites = new WeakMap<object, Site | null>();
  readonly #known = new WeakMap<object, { readonly id: number; holds: number }>();
  #count = 0;

  constructor(sink: FrameSink, parameters: Parameters) {
    this.#sink = sink;
    this.#parameters = parameters;
  }

  created(optimizer: object): void {
    this.#sites.set(optimizer, callSite());
  }

  updateBegin(optimizer: object): void {
    const groups = (optimizer as { paramGroups?: readonly ({ readonly params: readonly Tensor[] } & Settings)[] })
      .paramGroups;
    if (!groups) return;
    const holds = groups.reduce((sum, { params }) => sum + params.length, 0);
    let known = this.#known.get(optimizer);
    if (known?.holds === holds) return;
    known = { id: known?.id ?? this.#count++, holds };
    this.#known.set(optimizer, known);
    const frame: OptimizerFrame = {
      kind: 'optimizer',
      id: known.id,
      type: optimizer.constructor.name,
      site: this.#sites.get(optimizer) ?? null,
      updatedAt: callSite(),
      parameters: this.#parameters.idsOf(groups.flatMap(({ params }) => params)),
      settings: numbersOf(groups[0] ?? {}),
    };
    this.#sink(frame);
  }
}

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((x) => typeof x === 'number');

const numbersOf = (settings: Settings): OptimizerFrame['settings'] =>
  Object.fromEntries(
    Object.entries(settings).filter(
      (entry): entry is [string, number | readonly number[]] => typeof entry[1] === 'number' || isNumbers(entry[1]),
    ),
  );
