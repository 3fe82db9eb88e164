import type { Timing } from './clock.ts';
import { number, type Table, times } from './figures.ts';
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
    readonly steps: readonly { readonly name: string; readonly rate: number }[];
  }[];
}

/** Steps per second of ours and of PyTorch, one thread each, as one thing grows; each measured once, because they are many. */
export function measureScaling(pythons: readonly Python[], seconds: string): Scaling[] {
  const subjects = (workload: string) => [
    { name: 'ours, 256-bit', command: ours('speed', [workload, seconds]) },
    ...pythons.map((it) => ({ name: `torch ${it.version}`, command: python(it, 'speed', [workload, seconds, '1']) })),
  ];
  return SERIES.map(({ of, points }) => ({
    of,
    points: points.map(([label, workload]) => {
      const steps = subjects(workload).map(({ name, command }) => ({ name, rate: ask<Timing>(command).rate }));
      return { label, steps };
    }),
  }));
}

export function scalingTables(all: readonly Scaling[]): Table[] {
  return all.map(({ of, points }) => {
    const [first, ...others] = points[0].steps.map(({ name }) => name);
    const rates = (name: string) => points.map(({ steps }) => steps.find((it) => it.name === name)!.rate);
    return {
      title: `Perceptron of equal layers (batch ${BATCH}, width ${WIDTH}, depth ${DEPTH}), by ${of}; steps/s`,
      header: [of, ...points.map(({ label }) => label)],
      rows: [
        [first, ...rates(first).map(number)],
        ...others.flatMap((name) => [
          [name, ...rates(name).map(number)],
          ['ours is', ...rates(name).map((rate, i) => times(rates(first)[i] / rate))],
        ]),
      ],
    };
  });
}
