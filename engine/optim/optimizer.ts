import { enableGrad } from '../autograd/mode.ts';
import { observer } from '../autograd/observer.ts';
import type { Numbers } from '../tensor/dtype.ts';
import { elements, overwrite } from '../tensor/elements.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';

/** Parameters that share options. */
export type Group<O> = { params: Iterable<Tensor> } & Partial<O>;
type FilledGroup<O> = { params: Tensor[] } & O;

/** Running quantities of one parameter: arrays of its size, by name, and how often it was updated. */
export class State {
  step = 0;
  readonly #arrays = new Map<string, Float64Array>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** Zeros (or `initial`) when first asked for. */
  array(name: string, initial = 0): Float64Array {
    let array = this.#arrays.get(name);
    if (array === undefined) {
      array = new Float64Array(this.#size).fill(initial);
      this.#arrays.set(name, array);
    }
    return array;
  }
}

export interface LearningRate {
  lr: number;
}

/** What optimizers share: groups of parameters, state, and the step over them. Subclasses say how one parameter moves. */
export abstract class Optimizer<O extends LearningRate = LearningRate> {
  /** Each with its parameters and options; a scheduler changes `lr` here. */
  readonly paramGroups: FilledGroup<O>[];
  readonly #state = new WeakMap<Tensor, State>();

  /** @throws ArgumentError if there is nothing to train, or the learning rate is not a number ≥ 0. */
  constructor(params: Iterable<Tensor> | Iterable<Group<O>>, options: O) {
    const list = [...params] as (Tensor | Group<O>)[];
    const groups = list.filter(isGroup);
    const tensors = list.filter((entry) => entry instanceof Tensor);
    if (tensors.length > 0) groups.unshift({ params: tensors as Iterable<Tensor> } as Group<O>);
    this.paramGroups = groups.map((group) => ({ ...options, ...group, params: [...group.params] }));
    const name = new.target.name;
    if (this.paramGroups.every((group) => group.params.length === 0)) {
      throw new ArgumentError(`${name}: no parameters to train. Are the modules plain fields of the model?`);
    }
    for (const group of this.paramGroups) {
      if (!(group.lr >= 0))
        throw new ArgumentError(`${name}: the learning rate must be a number ≥ 0, got ${group.lr}.`);
      const stranger = group.params.find((p) => !p.isLeaf);
      if (stranger !== undefined) {
        throw new ArgumentError(
          `${name}: can't train the output of ${stranger.node?.operation}; only leaves can be trained.`,
        );
      }
    }
  }

  /** Changes `p` in place, given its gradient `g` of the same length. */
  protected abstract update(p: Numbers, g: Numbers, state: State, options: O): void;

  zeroGrad(): void {
    for (const { params } of this.paramGroups) for (const p of params) p.grad = null;
  }

  /**
   * Moves every parameter that has a gradient.
   * @param closure Computes the loss again, with gradients; called once, before the update.
   * @returns What the closure returned.
   */
  step<R>(closure?: () => R): R | undefined {
    const result = closure === undefined ? undefined : enableGrad(closure);
    const trained = this.paramGroups.flatMap(({ params }) => params.filter((p) => p.grad !== null));
    observer?.updateBegin(this, trained);
    for (const group of this.paramGroups) {
      for (const p of group.params) if (p.grad !== null) this.#move(p, p.grad, group);
    }
    observer?.updateEnd(this, trained);
    return result;
  }

  #move(parameter: Tensor, gradient: Tensor, group: FilledGroup<O>): void {
    let state = this.#state.get(parameter);
    if (state === undefined) {
      state = new State(parameter.numel());
      this.#state.set(parameter, state);
    }
    state.step++;
    const p = elements(parameter);
    this.update(p, elements(gradient), state, group);
    overwrite(parameter, p);
  }
}

function isGroup<O>(entry: Tensor | Group<O>): entry is Group<O> {
  return !(entry instanceof Tensor);
}
