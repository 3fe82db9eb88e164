import { expect, test } from 'vitest';
import { installKernels } from '../../engine/host/kernels.ts';
import { reference } from '../../engine/kernels/reference/reference.ts';
import type { Row } from '../../engine/kernels/reference/statistics.ts';
import { agrees } from '../../engine/kernels/wasm/firstUse.ts';
import { optimizerTrials } from '../../engine/kernels/wasm/optimizers.ts';
import { statisticsTrials } from '../../engine/kernels/wasm/statistics.ts';
import type { Numbers } from '../../engine/tensor/dtype.ts';

const { heap, kernels } = installKernels('narrow')!;
const trials = { ...optimizerTrials, ...statisticsTrials };

/** Its last operand is the row of statistics. */
type Kernel = (...operands: unknown[]) => void;

test.each(['sgd', 'adam', 'measureParameter'] as const)('%s is tried with its statistics', (name) => {
  const trial = trials[name] as (kernel: Kernel, from: typeof heap) => Numbers;
  const [fast, slow] = [kernels[name] as Kernel, reference[name] as Kernel];
  expect(agrees(fast, slow, trial, heap)).toBe(true);
  // one statistic is wrong, and one element of the parameter's or of its copy
  for (const [operand, element] of [[-1, 8] as const, [name === 'measureParameter' ? 2 : 0, 2060] as const]) {
    const wrong: Kernel = (...operands) => {
      fast(...operands);
      const changed = operands.at(operand) as Float32Array | Row;
      (changed instanceof Float32Array ? changed : changed.values)[element] += 0.5;
    };
    expect(agrees(wrong, slow, trial, heap)).toBe(false);
  }
});
