import type { Numbers } from '../../tensor/dtype.ts';
import { contiguousStrides } from '../../tensor/shape.ts';
import type { Kernels } from '../kernels.ts';
import type { Matrix } from '../reference/matmul.ts';
import { reference } from '../reference/reference.ts';
import { Access, NOWHERE } from './access.ts';
import { attentionTrials, wasmAttention } from './attention.ts';
import { convolutionTrials, wasmConvolution } from './convolution.ts';
import { broadcastKernels, copyKernels, unaryKernels, unaryTrials } from './elementwise.ts';
import type { Address, KernelExports } from './exports.ts';
import { triedAtFirstUse } from './firstUse.ts';
import type { Heap } from './heap.ts';
import { wasmIndexing } from './indexing.ts';
import { layerNormTrials, wasmLayerNorm } from './layerNorm.ts';
import { linearKernels, linearTrials } from './linear.ts';
import { lossKernels, lossTrials } from './losses.ts';
import { lstmKernels, lstmTrials } from './lstm.ts';
import { normalizationTrials, wasmNormalization } from './normalization.ts';
import { optimizerTrials, wasmOptimizers } from './optimizers.ts';
import { recurrentKernels } from './recurrent.ts';
import { rowsTrials, wasmRows } from './rows.ts';
import { statisticsTrials, wasmStatistics } from './statistics.ts';

/** Bytes for copies of operands that lie outside the heap. A product that needs more is left to the reference. */
export const STAGE_BYTES = 1 << 20;

/** Below this many multiplications the reference's loop costs less than copying operands would. */
const WORTH_COPYING = 4096;

/**
 * Kernels that work on arrays in `heap`. Whatever they don't cover (other types, arrays elsewhere, strides) goes to the
 * reference.
 * @param stage Where `STAGE_BYTES` are free. @param wide Whether 256-bit tiles have been found right and fast.
 * @param revectorized Whether V8 may have made other kernels wide as well.
 */
export function wasmKernels(
  wasm: KernelExports,
  heap: Heap,
  memory: Float32Array,
  stage: Address,
  wide: boolean,
  revectorized: boolean,
): Kernels {
  const access = new Access(wasm, heap, memory, stage);
  const single = (array: Numbers): boolean => access.single(array);
  const { nest } = access;

  const matmul: Kernels['matmul'] = (a, b, out, start, m, k, n, accumulate) => {
    if (single(a.data) && single(b.data) && single(out) && m * n * k > 0) {
      const product = wide && n > 8 ? wasm.matmulWide : wasm.matmul;
      const [from, by] = [a.data.byteOffset + 4 * a.start, b.data.byteOffset + 4 * b.start];
      const to = out.byteOffset + 4 * start;
      product(from, a.rowStride, a.columnStride, by, b.rowStride, b.columnStride, to, n, m, k, n, accumulate);
    } else matmulElsewhere(a, b, out, start, m, k, n, accumulate);
  };

  /** The same of copies where an operand lies outside of the heap. */
  const matmulElsewhere: Kernels['matmul'] = (a, b, out, start, m, k, n, accumulate) => {
    const float32 = a.data instanceof Float32Array && b.data instanceof Float32Array && out instanceof Float32Array;
    const worth = m * k * n >= WORTH_COPYING;
    const product = wide && n > 8 ? wasm.matmulWide : wasm.matmul;
    let staged = stage;
    const place = (matrix: Matrix, rows: number, columns: number): Address | null => {
      const { data, start, rowStride, columnStride } = matrix;
      if (heap.holds(data)) return data.byteOffset + 4 * start;
      const span = (rows - 1) * rowStride + (columns - 1) * columnStride + 1;
      if (staged + 4 * span > stage + STAGE_BYTES) return null;
      const at = staged;
      memory.set(data.subarray(start, start + span) as Float32Array, at / 4);
      staged += 16 * Math.ceil(span / 4);
      return at;
    };
    if (!float32 || !worth || m * n === 0 || k === 0) {
      reference.matmul(a, b, out, start, m, k, n, accumulate);
      return;
    }
    const from = place(a, m, k);
    const by = place(b, k, n);
    const to = place({ data: out, start, rowStride: n, columnStride: 1 }, m, n);
    if (from === null || by === null || to === null) {
      reference.matmul(a, b, out, start, m, k, n, accumulate);
      return;
    }
    product(from, a.rowStride, a.columnStride, by, b.rowStride, b.columnStride, to, n, m, k, n, accumulate);
    if (!heap.holds(out)) out.set(memory.subarray(to / 4, to / 4 + m * n), start);
  };

  const fast: Kernels = {
    ...reference,
    unary: unaryKernels(access),
    ...broadcastKernels(access, revectorized),
    ...lossKernels(access),
    ...copyKernels(access),
    ...recurrentKernels(access),
    ...lstmKernels(access, wide),
    fold(name, x, shape, out, strides) {
      const sum = name === 'sum' || name === 'sumOfSquares';
      const contiguous = { shape, strides: contiguousStrides(shape) };
      if (sum && single(x) && nest.fill(shape, contiguous, { shape, strides })) {
        const to = access.result(out, 0);
        const step = nest.stride(1, 0);
        if (to !== NOWHERE && (step === 0 || step === 1)) {
          wasm.fold(x.byteOffset, to, nest.address, name === 'sumOfSquares');
          access.written(out, to);
          return;
        }
      }
      reference.fold(name, x, shape, out, strides);
    },
    ...wasmAttention(access, wide),
    ...wasmLayerNorm(access),
    ...wasmRows(access),
    ...wasmNormalization(access),
    ...wasmIndexing(access),
    ...wasmOptimizers(access, wide),
    ...wasmStatistics(access, wide),
    ...wasmConvolution(wasm, heap, memory, stage, wide),
    matmul,
    ...linearKernels(access, matmul, wide),
  };
  if (!revectorized) return fast;
  const unary = triedAtFirstUse(fast.unary, reference.unary, unaryTrials, heap);
  const trials = {
    ...rowsTrials,
    ...attentionTrials,
    ...layerNormTrials,
    ...convolutionTrials,
    ...normalizationTrials,
    ...lossTrials,
    ...linearTrials,
    ...lstmTrials,
    ...optimizerTrials,
    ...statisticsTrials,
  };
  return triedAtFirstUse({ ...fast, unary }, reference, trials, heap);
}
