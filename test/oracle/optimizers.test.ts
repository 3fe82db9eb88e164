// Fifty steps of every optimizer and schedule, as optimizers.py recorded them from real PyTorch, in float64.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { cat, optim, type Tensor, tensor, zeros } from '../../engine/index.ts';

interface Trajectory {
  /** Of the optimizer, or of the schedule if there is a field `optimizer`. */
  readonly name: string;
  readonly options: object;
  readonly optimizer?: string;
  readonly settings?: object;
  readonly objective: 'quadratic' | 'ascent' | 'valley' | 'bowl';
  readonly shapes: number[][];
  readonly start: number[];
  readonly groups: { readonly params: number[] }[];
  readonly path: { readonly parameters: number[]; readonly lr: number[]; readonly momentum: (number | null)[] }[];
  /** After half of the steps, not rounded, with the state as PyTorch saves it. */
  readonly middle: { readonly parameters: number[]; readonly state: optim.GivenOptimizerState } | null;
}

const [version, ...trajectories]: [{ torch: string; half: number }, ...Trajectory[]] = JSON.parse(
  `[${gunzipSync(readFileSync(new URL('optimizers.jsonl.gz', import.meta.url)))
    .toString()
    .trim()
    .replaceAll('\n', ',')}]`,
);

const tolerance = (want: number): number => 1e-10 + 1e-9 * Math.abs(want);
const f64 = (values: number[]): Tensor => tensor(values, { dtype: 'float64' });

const objectives: Record<Trajectory['objective'], (x: Tensor) => Tensor> = {
  quadratic: (x) =>
    x
      .sub(3)
      .square()
      .mul(f64(Array.from({ length: x.numel() }, (_, i) => [1, 10, 0.1][i % 3])))
      .sum(),
  ascent: (x) => objectives.quadratic(x).neg(),
  valley: (x) => {
    const [next, last] = [x.slice(0, 1), x.slice(0, 0, -1)];
    return next.sub(last.square()).square().mul(10).add(last.neg().add(1).square().mul(0.1)).sum();
  },
  bowl: (x) => {
    const weights = f64(Array.from({ length: x.numel() }, (_, i) => i + 1));
    return weights.mul(x.sub(0.5).cosh().sub(1)).sum().add(x.sum().pow(4).div(8));
  },
};

interface Schedule {
  // biome-ignore lint/suspicious/noExplicitAny: ReduceLROnPlateau takes a metric, the others nothing
  step(metric?: any): void;
  stateDict(): object;
  // biome-ignore lint/suspicious/noExplicitAny: each has a state of its own
  loadStateDict(state: any): void;
}

/** Schedules whose arguments aren't plain data. */
const schedules: Record<string, (optimizer: optim.Optimizer) => Schedule> = {
  LambdaLR: (o) => new optim.LambdaLR(o, (epoch) => 1 / (1 + epoch)),
  'LambdaLR of groups': (o) => new optim.LambdaLR(o, [(epoch) => 1 / (1 + epoch), (epoch) => 0.9 ** epoch]),
  MultiplicativeLR: (o) => new optim.MultiplicativeLR(o, (epoch) => 0.8 + 0.1 * (epoch % 3)),
  'CyclicLR of a function': (o) =>
    new optim.CyclicLR(o, { baseLr: 0.001, maxLr: 0.02, stepSizeUp: 4, scaleFn: (x) => 1 / x }),
  SequentialLR: (o) =>
    new optim.SequentialLR(
      o,
      [
        new optim.LinearLR(o, { startFactor: 0.1, endFactor: 1, totalIters: 5 }),
        new optim.CosineAnnealingLR(o, { tMax: 20 }),
        new optim.MultiplicativeLR(o, () => 0.95),
      ],
      { milestones: [5, 30] },
    ),
  ChainedScheduler: (o) =>
    new optim.ChainedScheduler([
      new optim.ConstantLR(o, { factor: 0.1, totalIters: 10 }),
      new optim.ExponentialLR(o, { gamma: 0.95 }),
      new optim.CosineAnnealingLR(o, { tMax: 8, etaMin: 0.0005 }),
      new optim.PolynomialLR(o, { totalIters: 60, power: 2 }),
    ]),
};

type Made<T> = new (first: unknown, options: object) => T;
const exported = <T>(name: string): Made<T> => optim[name as keyof typeof optim] as unknown as Made<T>;

/** A training run that can be anywhere on the recorded path. */
class Run {
  readonly params: Tensor[];
  readonly optimizer: optim.Optimizer;
  readonly schedule: Schedule | null;
  readonly #loss: (x: Tensor) => Tensor;

  constructor({ name, options, optimizer, settings, objective, shapes, start, groups }: Trajectory) {
    this.#loss = objectives[objective];
    this.params = shapes.map((shape) => zeros(shape, { dtype: 'float64' }));
    this.place(start);
    for (const p of this.params) p.requiresGrad_();
    const own = groups.map((group) => ({ ...group, params: group.params.map((i) => this.params[i]) }));
    this.optimizer = new (exported<optim.Optimizer>(optimizer ?? name))(own, settings ?? options);
    const make = schedules[name] ?? ((o) => new (exported<Schedule>(name))(o, options));
    this.schedule = optimizer === undefined ? null : make(this.optimizer);
  }

  place(values: readonly number[]): void {
    let at = 0;
    for (const p of this.params) {
      const size = p.numel();
      p.detach().copy_(f64(values.slice(at, at + size)).reshape(p.shape));
      at += size;
    }
  }

  get values(): number[] {
    return this.params.flatMap((p) => [...p.toFlat()]);
  }

  step(): void {
    const loss = this.optimizer.step(() => {
      this.optimizer.zeroGrad();
      const value = this.#loss(cat(this.params.map((p) => p.flatten())));
      value.backward();
      return value;
    });
    this.schedule?.step(loss!.item());
  }

  follow(path: Trajectory['path']): void {
    for (const [i, { parameters, lr, momentum }] of path.entries()) {
      this.step();
      for (const [k, value] of this.values.entries()) {
        const place = `step ${i}, parameter ${k}: got ${value}, PyTorch says ${parameters[k]}`;
        expect(Math.abs(value - parameters[k]), place).toBeLessThanOrEqual(tolerance(parameters[k]));
      }
      const groups: { lr: number; momentum?: number; betas?: number[] }[] = this.optimizer.paramGroups;
      groups.forEach((group, k) => {
        expect(group.lr, `step ${i}, rate of group ${k}`).toBeCloseTo(lr[k], 12);
        if (momentum[k] !== null) expect(group.betas?.[0] ?? group.momentum).toBeCloseTo(momentum[k], 12);
      });
    }
  }
}

const { half } = version;
const json = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe(`fifty steps of PyTorch ${version.torch}`, () => {
  test.each(trajectories.map((t, i) => [t.name, i, t] as const))('%s (%i)', (_name, _i, trajectory) => {
    new Run(trajectory).follow(trajectory.path);
  });
});

describe('half of the steps, saved, and the rest by another one', () => {
  test.each(trajectories.map((t, i) => [t.name, i, t] as const))('%s (%i)', (_name, _i, trajectory) => {
    const [first, second] = [new Run(trajectory), new Run(trajectory)];
    for (let i = 0; i < half; i++) first.step();
    second.place(first.values);
    second.optimizer.loadStateDict(json(first.optimizer.stateDict()));
    second.schedule?.loadStateDict(json(first.schedule!.stateDict()));
    for (let i = half; i < trajectory.path.length; i++) {
      first.step();
      second.step();
    }
    expect(second.values).toEqual(first.values);
    expect(json(second.optimizer.stateDict())).toEqual(json(first.optimizer.stateDict()));
  });
});

describe('the second half from what PyTorch saved', () => {
  const saved = trajectories.filter(({ middle }) => middle !== null);
  test.each(saved.map((t, i) => [t.name, i, t] as const))('%s (%i)', (_name, _i, trajectory) => {
    const run = new Run(trajectory);
    run.place(trajectory.middle!.parameters);
    run.optimizer.loadStateDict(trajectory.middle!.state);
    run.follow(trajectory.path.slice(half));
  });
});
