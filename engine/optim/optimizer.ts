import { enableGrad } from '../autograd/mode.ts';
import { observer } from '../autograd/observer.ts';
import type { Row } from '../kernels/reference/statistics.ts';
import type { Numbers } from '../tensor/dtype.ts';
import { elements, overwrite } from '../tensor/elements.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { INSPECT } from '../tensor/inspect.ts';
import { Tensor } from '../tensor/tensor.ts';
import { camel, type GivenState, type SavedState, State } from './state.ts';

export { State };

/** Parameters that share options. */
export type Group<O> = { params: Iterable<Tensor> } & Partial<O>;
type FilledGroup<O> = { params: Tensor[] } & O;

export interface LearningRate {
  lr: number;
  /** Go up the gradient rather than down. Default false. */
  maximize?: boolean;
}

/** The state and options of an optimizer, as plain data. */
export interface OptimizerState {
  /** By the parameter's place, counted through all groups. */
  readonly state: Readonly<Record<number, SavedState>>;
  /** Options, and the places of the parameters. */
  readonly paramGroups: readonly Readonly<Record<string, unknown>>[];
}

type GivenGroups = readonly Readonly<Record<string, unknown>>[];

/** A state of ours, or one of PyTorch's as it is: `param_groups`, `exp_avg`, with tensors or arrays for numbers. */
export interface GivenOptimizerState {
  readonly state: Readonly<Record<number, GivenState>>;
  readonly paramGroups?: GivenGroups;
  readonly param_groups?: GivenGroups;
}

/** PyTorch spells options, and some of their values, with underscores; what it has besides (`foreach`, `fused`) means nothing here. */
function knownOptions(given: Readonly<Record<string, unknown>>, own: object): object {
  const { params: _, ...options } = given;
  const spelled = Object.entries(options).map(([name, value]) => [
    camel(name),
    typeof value === 'string' ? camel(value) : value instanceof Tensor ? value.item() : value,
  ]);
  return Object.fromEntries(spelled.filter(([name, value]) => String(name) in own && (value ?? null) !== null));
}

let peek: (optimizer: Optimizer, parameter: Tensor) => State | undefined;

/** The running quantities of a parameter, if there are any yet: for who looks on. */
export const stateIfAny = (optimizer: Optimizer, parameter: Tensor): State | undefined => peek(optimizer, parameter);

/** What optimizers share: groups of parameters, state, and the step over them. Subclasses say how one parameter moves. */
export abstract class Optimizer<O extends LearningRate = LearningRate> {
  /** Each with its parameters and options; a scheduler changes `lr` here. */
  readonly paramGroups: FilledGroup<O>[];
  readonly #state = new WeakMap<Tensor, State>();
  /** The parameters that the last step moved, by their place among all, and their states. */
  readonly #places: Tensor[] = [];
  readonly #states: State[] = [];
  /** Those with a gradient, as the last step found them. */
  readonly #list: Tensor[] = [];

  static {
    peek = (optimizer, parameter) => optimizer.#state.get(parameter);
  }

  readonly #defaults: O;

  /**
   * @param params Tensors, named tensors as `namedParameters` gives them, or groups of them with options of their own.
   * @param defaults All options there are.
   * @throws ArgumentError if there is nothing to train, for an option that there isn't, or a learning rate that isn't ≥ 0.
   */
  constructor(params: Iterable<Tensor> | Iterable<Group<O>>, defaults: O, options: Partial<O> = {}) {
    if (params instanceof Tensor) {
      throw new ArgumentError(
        `${new.target.name}: expected a list of tensors, got one tensor. Put it in brackets: [w].`,
      );
    }
    checkOptions(new.target.name, options, Object.keys(defaults));
    this.#defaults = { ...defaults, ...options };
    const list = unnamed<Tensor | Group<O>>(params as Iterable<Tensor | Group<O>>);
    const groups = list.filter(isGroup);
    const tensors = list.filter((entry) => entry instanceof Tensor);
    if (tensors.length > 0) groups.unshift({ params: tensors as Iterable<Tensor> } as Group<O>);
    this.paramGroups = [];
    for (const group of groups) this.addParamGroup(group);
    if (this.paramGroups.every((group) => group.params.length === 0)) {
      throw new ArgumentError(`${new.target.name}: no parameters to train. Are the modules plain fields of the model?`);
    }
    observer?.optimizerCreated(this);
  }

  /** Trains more parameters, with options of their own; what they leave out is as for the others. */
  addParamGroup(group: Group<O>): void {
    const { name } = this.constructor;
    checkOptions(name, group, [...Object.keys(this.#defaults), 'params', 'name']);
    const filled = { ...this.#defaults, ...group, params: unnamed(group.params) };
    if (typeof filled.lr !== 'number' || !(filled.lr >= 0))
      throw new ArgumentError(`${name}: the learning rate must be a number ≥ 0, got ${filled.lr}.`);
    const stranger = filled.params.find((p) => !p.isLeaf);
    if (stranger !== undefined) {
      throw new ArgumentError(
        `${name}: can't train the output of ${stranger.node?.operation}; only leaves can be trained.`,
      );
    }
    const twice = filled.params.find((p) => this.paramGroups.some(({ params }) => params.includes(p)));
    if (twice !== undefined) throw new ArgumentError(`${name}: a parameter is in two groups.`);
    this.paramGroups.push(filled);
  }

  /** What training needs to go on later, as plain data. */
  stateDict(): OptimizerState {
    const all = this.paramGroups.flatMap(({ params }) => params);
    const states = all.flatMap((p, i) => {
      const state = this.#state.get(p);
      return state === undefined ? [] : [[i, state.save()] as const];
    });
    const paramGroups = this.paramGroups.map(({ params, ...options }) => ({
      ...options,
      params: params.map((p) => all.indexOf(p)),
    }));
    return { state: Object.fromEntries(states), paramGroups };
  }

  /** @throws ArgumentError unless groups and parameters are as many as there were. */
  loadStateDict(given: GivenOptimizerState): void {
    const { state, paramGroups = given.param_groups ?? [] } = given;
    const counts = (groups: readonly { readonly params?: unknown }[]) =>
      groups.map(({ params }) => (params as unknown[]).length).join(', ');
    if (counts(paramGroups) !== counts(this.paramGroups)) {
      throw new ArgumentError(
        `${this.constructor.name}.loadStateDict: expected groups of ${counts(this.paramGroups)} parameters, got ${counts(paramGroups)}.`,
      );
    }
    this.paramGroups.forEach((group, i) => {
      Object.assign(group, knownOptions(paramGroups[i], group));
    });
    this.paramGroups
      .flatMap(({ params }) => params)
      .forEach((p, i) => {
        if (i in state) this.stateOf(p).load(state[i]);
        else this.#state.delete(p);
      });
    this.#places.length = 0;
  }

  /** The groups with their options, as PyTorch prints them. */
  toString(): string {
    const groups = this.paramGroups.map(({ params: _, ...options }, i) => {
      const lines = Object.entries(options).map(([name, value]) => `    ${name}: ${value}\n`);
      return `Parameter Group ${i}\n${lines.sort().join('')}`;
    });
    return `${this.constructor.name} (\n${groups.join('\n')})`;
  }

  /** Whether `update` tells statistics on the way: it puts them into the `row` it is given. */
  protected get measures(): boolean {
    return false;
  }

  /** Changes `p` in place, given its gradient `g` of the same length. */
  protected abstract update(
    p: Numbers,
    g: Numbers,
    state: State,
    options: O,
    shape: readonly number[],
    row: Row | null,
  ): void;

  zeroGrad(): void {
    for (let i = 0; i < this.paramGroups.length; i++) {
      const { params } = this.paramGroups[i];
      for (let j = 0; j < params.length; j++) params[j].dropGradient();
    }
  }

  /**
   * Moves every parameter that has a gradient.
   * @param closure Computes the loss again, with gradients; called once, before the update.
   * @returns What the closure returned.
   */
  step<R>(closure?: () => R): R | undefined {
    const result = closure === undefined ? undefined : enableGrad(closure);
    const watcher = observer;
    if (watcher === null) {
      this.#moveAll(null);
      return result;
    }
    const trained = this.#trained();
    // what is maximized is moved by a gradient turned over, which isn't the one to be told of
    const measures = this.measures && !this.#maximizes();
    const rows = watcher.updateBegin(this, trained, measures);
    this.#moveAll(measures ? rows : null);
    watcher.updateEnd(this, trained);
    return result;
  }

  #maximizes(): boolean {
    for (let i = 0; i < this.paramGroups.length; i++) if (this.paramGroups[i].maximize) return true;
    return false;
  }

  /** Those that have a gradient; the array is another step's later. */
  #trained(): readonly Tensor[] {
    const list = this.#list;
    let count = 0;
    for (let i = 0; i < this.paramGroups.length; i++) {
      const { params } = this.paramGroups[i];
      for (let j = 0; j < params.length; j++) if (params[j].accumulated !== null) list[count++] = params[j];
    }
    if (list.length !== count) list.length = count;
    return list;
  }

  /** `rows`: for the statistics that updates tell, one for each parameter that has a gradient. */
  #moveAll(rows: readonly Row[] | null): void {
    let place = 0;
    let moved = 0;
    for (let i = 0; i < this.paramGroups.length; i++) {
      const group = this.paramGroups[i];
      const { params } = group;
      for (let j = 0; j < params.length; j++, place++) {
        const p = params[j];
        const gradient = p.accumulated;
        if (gradient === null) continue;
        this.#move(p, gradient, group, this.#stateAt(place, p), rows === null ? null : rows[moved]);
        moved++;
      }
    }
  }

  /** The same as `stateOf`, of the parameter in this place among all: looked up again only where another is there. */
  #stateAt(place: number, parameter: Tensor): State {
    if (this.#places[place] === parameter) return this.#states[place];
    const state = this.stateOf(parameter);
    this.#places[place] = parameter;
    this.#states[place] = state;
    return state;
  }

  /** The running quantities of a parameter. */
  protected stateOf(parameter: Tensor): State {
    let state = this.#state.get(parameter);
    if (state === undefined) {
      state = new State(parameter.numel());
      this.#state.set(parameter, state);
    }
    return state;
  }

  #move(parameter: Tensor, gradient: Tensor, group: FilledGroup<O>, state: State, row: Row | null): void {
    state.step++;
    const p = elements(parameter);
    const g = elements(gradient);
    this.update(p, group.maximize ? g.map((v) => -v) : g, state, group, parameter.shape, row);
    overwrite(parameter, p);
  }
}

/** Without the names that `namedParameters` gives. */
const unnamed = <T>(params: Iterable<T>): T[] => [...params].map((entry) => (Array.isArray(entry) ? entry[1] : entry));

/** @throws ArgumentError, with the name that was probably meant. */
function checkOptions(name: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object') {
    throw new ArgumentError(`${name}: expected options such as { lr: 0.01 }, got ${options}.`);
  }
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown === undefined) return;
  const meant = known.includes(camel(unknown)) ? ` Here it is ${camel(unknown)}.` : '';
  throw new ArgumentError(`${name}: there is no option ${unknown}.${meant} There are ${known.join(', ')}.`);
}

// `console.log(optimizer)` prints its groups.
Object.defineProperty(Optimizer.prototype, INSPECT, {
  value(this: Optimizer) {
    return this.toString();
  },
});

function isGroup<O>(entry: Tensor | Group<O>): entry is Group<O> {
  return !(entry instanceof Tensor);
}
