// @ts-expect-error: a tool without types
import { buildKernels } from '../../tools/build/kernels.mjs';

/** Tests run from source, and so do the training processes they start; only the kernels have to be compiled. */
export default function setup(): Promise<void> {
  return buildKernels(process.cwd());
}
