import { expect, test } from 'vitest';
import { installKernels } from '../../engine/host/kernels.ts';
import { reference } from '../../engine/kernels/reference/reference.ts';
import { convolutionTrials } from '../../engine/kernels/wasm/convolution.ts';
import { agrees } from '../../engine/kernels/wasm/firstUse.ts';
import type { Numbers } from '../../engine/tensor/dtype.ts';

const { heap, kernels } = installKernels('narrow')!;

/** Writes the last operand but one: the result. */
type Kernel = (...operands: unknown[]) => void;

test.each(['conv2d', 'conv2dInput', 'conv2dWeight'] as const)('%s is tried where its tiles are told apart', (name) => {
  const trial = convolutionTrials[name] as (kernel: Kernel, from: typeof heap) => Numbers;
  const [fast, slow] = [kernels[name] as Kernel, reference[name] as Kernel];
  expect(agrees(fast, slow, trial, heap)).toBe(true);
  // one element is wrong, of a convolution in groups or of one without
  for (const groups of [1, 2]) {
    const wrong: Kernel = (...operands) => {
      fast(...operands);
      const [out, shape] = operands.slice(-2) as [Numbers, { groups: number }];
      if (shape.groups === groups) out[5] += 0.5;
    };
    expect(agrees(wrong, slow, trial, heap)).toBe(false);
  }
});
