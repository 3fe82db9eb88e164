import type { Numbers } from '../../tensor/dtype.ts';
import type { Kernels } from '../kernels.ts';
import type { BinaryKernel } from '../reference/binary.ts';
import type { Matrix } from '../reference/matmul.ts';
import { reference } from '../reference/reference.ts';
import { wasmConvolution } from './convolution.ts';
import { type Address, BINARY, type KernelExports, UNARY } from './exports.ts';
import type { Heap } from './heap.ts';

/** Bytes for copies of operands that lie outside the heap. A product that needs more is left to the reference. */
export const STAGE_BYTES = 1 << 20;

/** Below this many multiplications the reference's loop costs less than copying operands would. */
const WORTH_COPYING = 4096;

/**
 * Kernels that work on arrays in `heap`. Whatever they don't cover (other types, arrays elsewhere, strides) goes to the
 * reference.
 * @param stage Where `STAGE_BYTES` are free. @param wide Whether 256-bit tiles have been found right and fast.
 */
export function wasmKernels(
  wasm: KernelExports,
  heap: Heap,
  memory: Float32Array,
  stage: Address,
  wide: boolean,
): Kernels {
  const single = (array: Numbers): boolean => array instanceof Float32Array && heap.holds(array);

  /** What `measure` says. */
  const sums = new Float64Array(memory.buffer, stage, 5);

  const unary = { ...reference.unary };
  for (const name of UNARY) {
    const fast = wasm[name];
    const plain = name.replace('Of', '') as 'neg';
    const slow = reference.unary[plain];
    unary[plain] = (x, out) => {
      if (single(x) && single(out)) fast(x.byteOffset, out.byteOffset, out.length);
      else slow(x, out);
    };
  }
  unary.leakyRelu = (x, out, slope) => {
    if (single(x) && single(out)) wasm.leakyRelu(x.byteOffset, out.byteOffset, out.length, slope);
    else reference.unary.leakyRelu(x, out, slope);
  };
  unary.clamp = (x, out, min, max) => {
    if (single(x) && single(out)) wasm.clamp(x.byteOffset, out.byteOffset, out.length, min, max);
    else reference.unary.clamp(x, out, min, max);
  };

  const binary: Record<keyof typeof reference.binary, BinaryKernel> = { ...reference.binary };
  const flat = (step: number) => step === 0 || step === 1;
  for (const name of BINARY) {
    const fast = wasm[name];
    const slow = reference.binary[name];
    binary[name] = (x, p, u, y, q, v, out, start, length) => {
      // a row shorter than a vector isn't worth the call
      if (length < 4 || !flat(u) || !flat(v) || !(u + v) || !single(out)) slow(x, p, u, y, q, v, out, start, length);
      else if (single(x) && single(y)) {
        fast(x.byteOffset + 4 * p, u, y.byteOffset + 4 * q, v, out.byteOffset + 4 * start, length);
      } else if (v === 0 && single(x) && y instanceof Float32Array) {
        // one number, which lies in JavaScript's own heap
        memory[stage / 4] = y[q];
        fast(x.byteOffset + 4 * p, u, stage, v, out.byteOffset + 4 * start, length);
      } else slow(x, p, u, y, q, v, out, start, length);
    };
  }

  return {
    ...reference,
    unary,
    binary,
    reduce: {
      ...reference.reduce,
      sum(x, p, out, start, step, length) {
        if (step === 0 && length >= 16 && single(x)) out[start] += wasm.sum(x.byteOffset + 4 * p, length);
        else if (step === 1 && length >= 16 && single(x) && out instanceof Float64Array && heap.holds(out)) {
          wasm.addRow(x.byteOffset + 4 * p, out.byteOffset + 8 * start, length);
        } else reference.reduce.sum(x, p, out, start, step, length);
      },
      sumOfSquares(x, p, out, start, step, length) {
        if (step === 0 && single(x)) out[start] += wasm.sumOfSquares(x.byteOffset + 4 * p, length);
        else reference.reduce.sumOfSquares(x, p, out, start, step, length);
      },
    },
    softmax(x, out, outer, length, inner, log) {
      if (inner === 1 && length > 0 && single(x) && single(out)) {
        wasm.softmax(x.byteOffset, out.byteOffset, outer, length, log);
      } else reference.softmax(x, out, outer, length, inner, log);
    },
    standardize(x, out, inverseStd, length, eps) {
      if (single(x) && single(out) && single(inverseStd)) {
        wasm.standardize(x.byteOffset, out.byteOffset, inverseStd.byteOffset, inverseStd.length, length, eps);
      } else reference.standardize(x, out, inverseStd, length, eps);
    },
    measure(x, out) {
      if (!single(x)) return reference.measure(x, out);
      wasm.measure(x.byteOffset, x.length, stage);
      out.set(sums);
    },
    squaredDistance(a, b) {
      if (!single(a) || !single(b)) return reference.squaredDistance(a, b);
      return wasm.squaredDistance(a.byteOffset, b.byteOffset, a.length);
    },
    ...wasmConvolution(wasm, heap, memory, stage, wide),
    matmul(a, b, out, start, m, k, n, accumulate) {
      const float32 = a.data instanceof Float32Array && b.data instanceof Float32Array && out instanceof Float32Array;
      const worth = m * k * n >= WORTH_COPYING || (single(a.data) && single(b.data) && single(out));
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
    },
  };
}
