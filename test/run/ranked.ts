import type { Frame } from '../../engine/run/frame.ts';
import { Run } from '../../engine/run/run.ts';
import { ACTIVATION_STATISTICS, PARAMETER_STATISTICS } from '../../engine/run/statistics.ts';
import { noRows, rows, start, step } from './frames.ts';

export interface Rank {
  /** Standard deviation of each layer's output, and norm of its own gradient, at every step. */
  readonly outputs: readonly number[];
  readonly gradients?: readonly number[];
  readonly steps?: number;
}

export const site = (line: number) => ({ file: '/ddp.py', line, column: 5 });

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

/** The run of several ranks, as told by rank 0. */
export function runOf(...ranks: readonly Rank[]): Run {
  const run = new Run();
  for (const [rank, told] of ranks.entries()) {
    const own = rank === 0 ? run : run.addRank(rank);
    for (const frame of framesOf(rank, ranks.length, told)) own.apply(frame);
  }
  return run;
}
