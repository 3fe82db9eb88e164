import type { Timing } from './clock.ts';
import { median, number, ratio, type Table, times } from './figures.ts';
import { ask, ours, type Python, python } from './processes.ts';

/** What a perceptron of equal layers is scaled in; the other two are held. */
const BATCH = 64;
const WIDTH = 128;
const DEPTH = 3;
const perceptron = (batch: number, width: number, depth: number): string => `perceptron:${batch}:${width}:${depth}`;
/** Three square layers of as many parameters. */
const widthOf = (parameters: number): number => Math.round(Math.sqrt(parameters / 3));

const SERIES: readonly {
  readonly of: string;
  readonly points: readonly (readonly [label: string, workload: string])[];
}[] = [
  { of: 'batch', points: [1, 8, 64, 512, 4096].map((n) => [String(n), perceptron(n, WIDTH, DEPTH)]) },
  { of: 'width', points: [8, 32, 128, 512, 2048].map((n) => [String(n), perceptron(BATCH, n, DEPTH)]) },
  { of: 'depth', points: [1, 4, 16, 64].map((n) => [String(n), perceptron(BATCH, WIDTH, n)]) },
  {
    of: 'parameters',
    points: [3, 4, 5, 6, 7].map((n) => [`10^${n}`, perceptron(BATCH, widthOf(10 ** n), DEPTH)]),
  },
];

export interface Scaling {
  readonly of: string;
  readonly points: readonly {
    readonly label: string;
    readonly steps: readonly { readonly name: string; readonly rates: readonly number[] }[];
  }[];
}

interface Options {
  readonly rounds: number;
  readonly seconds: string;
}

/** Steps per second of ours and of PyTorch, one thread each, as one thing grows. */
export function measureScaling(pythons: readonly Python[], { rounds, seconds }: Options): Scaling[] {
  const subjects = (workload: string) => [
    { name: 'ours, 256-bit', command: ours('speed', [workload, seconds]) },
    ...pythons.map((it) => ({ name: `torch ${it.version}`, command: python(it, 'speed', [workload, seconds, '1']) })),
  ];
  return SERIES.map(({ of, points }) => ({
    of,
    points: points.map(([label, workload]) => {
      const steps = subjects(workload).map(({ name, command }) => ({ name, command, rates: [] as number[] }));
      for (let round = 0; round < rounds; round++) {
        for (const { command, rates } of steps) rates.push(ask<Timing>(command).rate);
      }
      return { label, steps: steps.map(({ name, rates }) => ({ name, rates })) };
    }),
  }));
}

export function scalingTables(all: readonly Scaling[]): Table[] {
  return all.map(({ of, points }) => {
    const [first, ...others] = points[0].steps.map(({ name }) => name);
    const rates = (name: string) => points.map(({ steps }) => steps.find((it) => it.name === name)!.rates);
    return {
      title: `Perceptron of equal layers (batch ${BATCH}, width ${WIDTH}, depth ${DEPTH}), by ${of}; steps/s`,
      header: [of, ...points.map(({ label }) => label)],
      rows: [
        [first, ...rates(first).map((list) => number(median(list)))],
        ...others.flatMap((name) => [
          [name, ...rates(name).map((list) => number(median(list)))],
          ['ours is', ...rates(name).map((list, i) => times(ratio(rates(first)[i], list)))],
        ]),
      ],
    };
  });
}
