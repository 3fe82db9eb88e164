import type { Numbers } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Adam, AdamW } from './adam.ts';
import { Adagrad, RMSprop } from './adaptive.ts';
import { type Optimizer, type State, stateIfAny } from './optimizer.ts';
import { SGD } from './sgd.ts';

/**
 * How an optimizer's next update follows from the gradient, near a minimum of a quadratic with Hessian H: it's stable as
 * long as the largest eigenvalue of rate·P⁻¹·H stays below `bound` (Cohen et al. 2021, "Gradient Descent on Neural Networks
 * Typically Occurs at the Edge of Stability"; 2022, "Adaptive Gradient Methods at the Edge of Stability").
 */
export interface Stability {
  readonly parameters: readonly Tensor[];
  /** rate·P⁻¹ of each parameter: one number, or one for each element. All positive or 0. */
  readonly scales: readonly (number | Float64Array)[];
  /** What weight decay adds to the Hessian, for each parameter. */
  readonly decays: readonly number[];
  readonly bound: number;
  /** P isn't 1. */
  readonly preconditioned: boolean;
  /** The rate of the first group. */
  readonly learningRate: number;
}

type Options = { readonly [name: string]: number | boolean | readonly number[] };
type Scale = number | Float64Array | null;

interface Law {
  bound(options: Options): number;
  /** Null where the running quantities don't say enough yet. */
  scale(options: Options, state: State | undefined): Scale;
}

/** After so many updates the running square of gradients is more than the first of them. */
const STEPS_TO_ADAPT = 5;

/** Momentum in Polyak's form, v ← μv + (1 − d)g; Nesterov's looks ahead. */
function momentumBound({ momentum = 0, dampening = 0, nesterov = false }: Options): number {
  const mu = Number(momentum);
  if (mu === 0) return 2;
  return nesterov ? (2 + 2 * mu) / (1 + 2 * mu) : (2 + 2 * mu) / (1 - Number(dampening));
}

const adam: Law = {
  // m ← β₁m + (1 − β₁)g: 38 for β₁ = 0.9
  bound: ({ betas }) => {
    const [b1] = betas as readonly number[];
    return (2 + 2 * b1) / (1 - b1);
  },
  scale: ({ lr, betas, eps, amsgrad }, state) => {
    const square = state?.get(amsgrad ? 'maxExpAvgSq' : 'expAvgSq');
    if (!state || !square || state.step < STEPS_TO_ADAPT) return null;
    const [b1, b2] = betas as readonly number[];
    const [rate, correction] = [Number(lr) / (1 - b1 ** state.step), Math.sqrt(1 - b2 ** state.step)];
    return each(square, (v) => rate / (Math.sqrt(v) / correction + Number(eps)));
  },
};

const LAWS = new Map<unknown, Law>([
  [SGD, { bound: momentumBound, scale: ({ lr }) => Number(lr) }],
  [Adam, adam],
  [AdamW, adam],
  [
    RMSprop,
    {
      bound: momentumBound,
      scale: ({ lr, eps, centered }, state) => {
        const square = state?.get('squareAvg');
        if (!state || !square || centered || state.step < STEPS_TO_ADAPT) return null;
        return each(square, (v) => Number(lr) / (Math.sqrt(v) + Number(eps)));
      },
    },
  ],
  [
    Adagrad,
    {
      bound: () => 2,
      scale: ({ lr, lrDecay, eps }, state) => {
        const sum = state?.get('sum');
        if (!state || !sum || state.step < STEPS_TO_ADAPT) return null;
        const rate = Number(lr) / (1 + state.step * Number(lrDecay));
        return each(sum, (s) => rate / (Math.sqrt(s) + Number(eps)));
      },
    },
  ],
]);

const each = (values: Numbers, of: (value: number) => number) => Float64Array.from(values, of);

/** True if there's a bound for what an optimizer does. */
export const hasStability = (optimizer: object): boolean => LAWS.has(optimizer.constructor);

/** Of the next update; null where there's no bound, or not yet: adaptive ones need some steps. */
export function stabilityOf(optimizer: Optimizer): Stability | null {
  const law = LAWS.get(optimizer.constructor);
  const groups = optimizer.paramGroups;
  if (!law || groups.some(({ maximize }) => maximize)) return null;
  const parameters: Tensor[] = [];
  const scales: (number | Float64Array)[] = [];
  const decays: number[] = [];
  for (const { params, ...options } of groups as readonly unknown[] as readonly ({ params: Tensor[] } & Options)[]) {
    for (const parameter of params) {
      if (!parameter.requiresGrad) continue;
      const state = stateIfAny(optimizer, parameter);
      const scale = law.scale(options as Options, state);
      if (scale === null && state) return null;
      if (scale === null) continue; // never had a gradient
      parameters.push(parameter);
      scales.push(scale);
      decays.push(options.decoupledWeightDecay ? 0 : Number(options.weightDecay ?? 0));
    }
  }
  if (parameters.length === 0) return null;
  return {
    parameters,
    scales,
    decays,
    bound: Math.min(...groups.map((group) => law.bound(group as unknown as Options))),
    preconditioned: scales.some((scale) => typeof scale !== 'number'),
    learningRate: groups[0].lr,
  };
}
