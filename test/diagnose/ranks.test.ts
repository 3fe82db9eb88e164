import { expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import type { Frame } from '../../engine/run/frame.ts';
import { Run } from '../../engine/run/run.ts';
import { ACTIVATION_STATISTICS, PARAMETER_STATISTICS } from '../../engine/run/statistics.ts';
import { noRows, rows, start, step } from '../run/frames.ts';

interface Rank {
  /** Standard deviation of each layer's output, and norm of its own gradient, at every step. */
  readonly outputs: readonly number[];
  readonly gradients?: readonly number[];
  readonly steps?: number;
}

const site = (line: number) => ({ file: '/ddp.py', line, column: 5 });

/** What one rank says of a model of two layers. */
function framesOf(rank: number, worldSize: number, { outputs, gradients, steps = 10 }: Rank): Frame[] {
  const values = (names: readonly string[], name: string, value: number) =>
    names.map((column) => (column === name ? value : Number.NaN));
  const layers = ['0', '1'];
  return [
    { ...start, engine: 'torch', rank, worldSize },
    ...layers.map(
      (name, id): Frame => ({
        kind: 'layer',
        id,
        name,
        type: 'Linear',
        description: 'Linear',
        parent: null,
        site: site(id + 1),
      }),
    ),
    ...layers.map(
      (name, id): Frame => ({
        kind: 'parameter',
        id,
        name: `${name}.weight`,
        shape: [2, 2],
        dtype: 'float32',
        layer: id,
        site: site(id + 1),
      }),
    ),
    ...Array.from({ length: steps }, (_, i) => {
      const noise = 1 + 0.3 * Math.sin(i + rank); // batches differ
      return step(i, {
        layers: rows(
          [0, 1],
          outputs.flatMap((std) => values(ACTIVATION_STATISTICS, 'std', std * noise)),
        ),
        parameters: gradients
          ? rows(
              [0, 1],
              gradients.flatMap((norm) => values(PARAMETER_STATISTICS, 'localGradientNorm', norm * noise)),
            )
          : noRows,
      });
    }),
  ];
}

function runOf(...ranks: readonly Rank[]): Run {
  const run = new Run();
  for (const [rank, told] of ranks.entries()) {
    const own = rank === 0 ? run : run.addRank(rank);
    for (const frame of framesOf(rank, ranks.length, told)) own.apply(frame);
  }
  return run;
}

const found = (run: Run) => diagnose(run).filter(({ id }) => id === 'rank-disagreement');

test('a rank whose data was never scaled: it is named, and the first layer', () => {
  const [finding] = found(runOf({ outputs: [0.5, 1] }, { outputs: [8, 1] }));
  expect(finding).toMatchObject({ severity: 'warning', layers: ['0'], cause: 'different-data', site: site(1) });
  expect(finding.evidence).toMatch(
    /^Rank 1 of 2 disagrees: the output of 0 spreads by 8\.\d+, .*16\.?\d* times larger/,
  );
});

test('of three, it is the one that the two others outvote, be it rank 0', () => {
  const odd = { outputs: [1, 1], gradients: [1, 0.1] };
  const usual = { outputs: [1, 1], gradients: [1, 1] };
  const [finding] = found(runOf(odd, usual, usual));
  expect(finding).toMatchObject({ layers: ['1'], cause: 'different-gradients' });
  expect(finding.evidence).toMatch(/^Rank 0 of 3 .*times smaller/);
});

test.each([
  ['ranks that agree', runOf({ outputs: [1, 2], gradients: [3, 1] }, { outputs: [1.5, 1.4], gradients: [2, 2] })],
  ['a run of one process', runOf({ outputs: [1, 2] })],
  ['too few steps', runOf({ outputs: [1, 1] }, { outputs: [100, 1], steps: 4 })],
  ['nothing measured', runOf({ outputs: [Number.NaN, 0] }, { outputs: [0, Number.NaN] })],
])('%s: nothing is said', (_what, run) => {
  expect(found(run)).toEqual([]);
});
