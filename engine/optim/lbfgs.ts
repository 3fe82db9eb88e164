import { enableGrad } from '../autograd/mode.ts';
import { observer } from '../autograd/observer.ts';
import type { Numbers } from '../tensor/dtype.ts';
import { elements, overwrite } from '../tensor/elements.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type GivenOptimizerState, type Group, Optimizer, type OptimizerState } from './optimizer.ts';
import { strongWolfe } from './wolfe.ts';

export interface LBFGSOptions {
  /** Default 1. */
  lr?: number;
  /** Iterations per step. Default 20. */
  maxIter?: number;
  /** Evaluations per step. Default 1.25·maxIter. */
  maxEval?: number;
  /** Stop when no gradient is greater. Default 1e-7. */
  toleranceGrad?: number;
  /** Stop when loss and parameters change less. Default 1e-9. */
  toleranceChange?: number;
  /** How many updates are remembered. Default 100. */
  historySize?: number;
  /** Search along each direction, or take lr as it is. Default null. */
  lineSearchFn?: 'strongWolfe' | null;
}

type Filled = Required<LBFGSOptions>;

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i], 0);
const largest = (a: Float64Array): number => a.reduce((top, x) => Math.max(top, Math.abs(x)), 0);

/** One remembered update: the step s, the change of the gradient y, and 1/(y·s). */
interface Update {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

/**
 * Limited-memory BFGS (Liu & Nocedal 1989): all parameters move together along −H·g, with H from the last updates.
 * `step` needs a closure that clears the gradients, computes the loss, calls backward and returns the loss.
 */
export class LBFGS extends Optimizer<Filled> {
  #updates: Update[] = [];
  #direction: Float64Array | null = null;
  #gradient: Float64Array | null = null;
  #length = 0;
  #iterations = 0;
  #scale = 1;

  /** @throws ArgumentError for several groups: there is one direction for all. */
  constructor(params: Iterable<Tensor> | Iterable<Group<LBFGSOptions>>, options: LBFGSOptions = {}) {
    const { maxIter = 20 } = options;
    super(
      params as Iterable<Tensor>,
      {
        lr: 1,
        maxIter,
        maxEval: Math.floor(maxIter * 1.25),
        toleranceGrad: 1e-7,
        toleranceChange: 1e-9,
        historySize: 100,
        lineSearchFn: null,
      },
      options,
    );
    if (this.paramGroups.length !== 1) throw new ArgumentError('LBFGS: expected one group of parameters.');
  }

  override stateDict(): OptimizerState {
    const state = this.stateOf(this.paramGroups[0].params[0]);
    if (this.#direction !== null && this.#gradient !== null) {
      state.put('d', this.#direction);
      state.put('prevFlatGrad', this.#gradient);
      state.put('oldDirs', Float64Array.from(this.#updates.flatMap(({ y }) => [...y])));
      state.put('oldStps', Float64Array.from(this.#updates.flatMap(({ s }) => [...s])));
      for (const [name, value] of [
        ['t', this.#length],
        ['HDiag', this.#scale],
        ['nIter', this.#iterations],
      ] as const)
        state.put(name, Float64Array.of(value));
    }
    return super.stateDict();
  }

  override loadStateDict(given: GivenOptimizerState): void {
    super.loadStateDict(given);
    const { params } = this.paramGroups[0];
    const state = this.stateOf(params[0]);
    const size = params.reduce((sum, p) => sum + p.numel(), 0);
    const saved = (name: string): Float64Array => state.get(name) ?? new Float64Array(0);
    this.#direction = state.get('d') ?? null;
    this.#gradient = state.get('prevFlatGrad') ?? null;
    [this.#length, this.#scale, this.#iterations] = [
      saved('t')[0] ?? 0,
      saved('HDiag')[0] ?? 1,
      saved('nIter')[0] ?? 0,
    ];
    const [steps, changes] = [saved('oldStps'), saved('oldDirs')];
    this.#updates = Array.from({ length: steps.length / size }, (_, i) => {
      const [s, y] = [steps, changes].map((all) => all.slice(i * size, (i + 1) * size));
      return { s, y, rho: 1 / dot(y, s) };
    });
  }

  /** Parameters don't move one by one here. */
  protected override update(_p: Numbers, _g: Numbers): void {}

  #read(of: (p: Tensor) => Tensor | null): Float64Array {
    const parts = this.paramGroups[0].params.map((p) => {
      const part = of(p);
      return part === null ? new Float64Array(p.numel()) : elements(part);
    });
    const all = new Float64Array(parts.reduce((size, part) => size + part.length, 0));
    parts.reduce((at, part) => {
      all.set(part, at);
      return at + part.length;
    }, 0);
    return all;
  }

  /** Puts all parameters at `from` + t·direction. */
  #place(from: Float64Array, t: number, direction: Float64Array): void {
    let at = 0;
    for (const p of this.paramGroups[0].params) {
      const size = p.numel();
      const values = elements(p).slice();
      for (let i = 0; i < size; i++) values[i] = from[at + i] + t * direction[at + i];
      overwrite(p, values);
      at += size;
    }
  }

  /** −H·g by the two loops of Nocedal 1980. */
  #descent(g: Float64Array): Float64Array {
    const q = g.map((x) => -x);
    const shares = this.#updates.map(() => 0);
    for (let i = this.#updates.length - 1; i >= 0; i--) {
      const { s, y, rho } = this.#updates[i];
      shares[i] = rho * dot(s, q);
      for (let k = 0; k < q.length; k++) q[k] -= shares[i] * y[k];
    }
    for (let k = 0; k < q.length; k++) q[k] *= this.#scale;
    this.#updates.forEach(({ s, y, rho }, i) => {
      const share = shares[i] - rho * dot(y, q);
      for (let k = 0; k < q.length; k++) q[k] += share * s[k];
    });
    return q;
  }

  #remember(g: Float64Array, historySize: number): void {
    const before = this.#gradient!;
    const y = g.map((x, i) => x - before[i]);
    const s = this.#direction!.map((x) => x * this.#length);
    const curvature = dot(y, s);
    if (curvature <= 1e-10) return;
    if (this.#updates.length === historySize) this.#updates.shift();
    this.#updates.push({ s, y, rho: 1 / curvature });
    this.#scale = curvature / dot(y, y);
  }

  override step<R>(closure?: () => R): R | undefined {
    if (closure === undefined) {
      throw new ArgumentError(
        'LBFGS.step: expected a closure that computes the loss, calls backward and returns the loss.',
      );
    }
    const group = this.paramGroups[0];
    let last: R | undefined;
    const evaluate = (): { loss: number; gradient: Float64Array } => {
      last = enableGrad(closure);
      const loss = typeof last === 'number' ? last : (last as Tensor).item();
      return { loss, gradient: this.#read((p) => p.grad) };
    };
    const { loss, gradient } = evaluate();
    const first = last;
    observer?.updateBegin(this, group.params, false);
    this.#run(group, evaluate, loss, gradient);
    observer?.updateEnd(this, group.params);
    return first;
  }

  #run(
    group: Filled,
    evaluate: () => { loss: number; gradient: Float64Array },
    startLoss: number,
    startGradient: Float64Array,
  ): void {
    let [loss, gradient, evaluations] = [startLoss, startGradient, 1];
    if (largest(gradient) <= group.toleranceGrad) return;
    for (let iteration = 1; iteration <= group.maxIter; iteration++) {
      this.#iterations++;
      if (this.#iterations === 1) this.#direction = gradient.map((x) => -x);
      else {
        this.#remember(gradient, group.historySize);
        this.#direction = this.#descent(gradient);
      }
      const direction = this.#direction;
      this.#gradient = gradient.slice();
      const before = loss;
      const sum = gradient.reduce((total, x) => total + Math.abs(x), 0);
      this.#length = this.#iterations === 1 ? Math.min(1, 1 / sum) * group.lr : group.lr;
      const slope = dot(gradient, direction);
      if (slope > -group.toleranceChange) return;
      const from = this.#read((p) => p);
      if (group.lineSearchFn === 'strongWolfe') {
        const at = (t: number) => {
          this.#place(from, t, direction);
          return evaluate();
        };
        const found = strongWolfe(at, direction, this.#length, { loss, gradient }, slope, group.maxEval - evaluations);
        ({ loss, gradient } = found);
        this.#length = found.t;
        evaluations += found.evaluations;
        this.#place(from, this.#length, direction);
      } else {
        this.#place(from, this.#length, direction);
        if (iteration < group.maxIter) {
          ({ loss, gradient } = evaluate());
          evaluations++;
        }
      }
      if (evaluations >= group.maxEval || largest(gradient) <= group.toleranceGrad) return;
      if (largest(direction) * this.#length <= group.toleranceChange) return;
      if (Math.abs(loss - before) < group.toleranceChange) return;
    }
  }
}
