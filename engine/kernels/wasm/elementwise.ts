import type { Numbers } from '../../tensor/dtype.ts';
import { contiguousStrides, type Layout } from '../../tensor/shape.ts';
import type { BinaryName } from '../reference/binary.ts';
import { reference } from '../reference/reference.ts';
import { type Access, NOWHERE } from './access.ts';
import { BINARY, type KernelExports, UNARY } from './exports.ts';
import { agrees, sample, type Trial } from './firstUse.ts';

/** Functions of one array, of a parameter or two. */
const unaryTrial: Trial<(x: Float32Array, out: Float32Array, a: number, b: number) => void> = (unary, heap) => {
  const [x, out] = [sample(heap, 29), sample(heap, 29)];
  unary(x, out, -0.5, 0.5);
  return out;
};

/** Of each function of one array. */
export const unaryTrials = Object.fromEntries(Object.keys(reference.unary).map((name) => [name, unaryTrial]));

/** Functions of one array. */
export function unaryKernels(access: Access): typeof reference.unary {
  const { wasm } = access;
  const unary = { ...reference.unary };
  for (const name of UNARY) {
    const fast = wasm[name];
    const plain = name.replace('Of', '') as 'neg';
    const slow = reference.unary[plain];
    unary[plain] = (x, out) => {
      if (access.single(x) && access.single(out)) fast(x.byteOffset, out.byteOffset, out.length);
      else slow(x, out);
    };
  }
  unary.leakyRelu = (x, out, slope) => {
    if (access.single(x) && access.single(out)) wasm.leakyRelu(x.byteOffset, out.byteOffset, out.length, slope);
    else reference.unary.leakyRelu(x, out, slope);
  };
  unary.clamp = (x, out, min, max) => {
    if (access.single(x) && access.single(out)) wasm.clamp(x.byteOffset, out.byteOffset, out.length, min, max);
    else reference.unary.clamp(x, out, min, max);
  };
  return unary;
}

interface Pairwise {
  readonly name: BinaryName;
  readonly fast: KernelExports['add'];
  /** The operands change places: x > y is y < x. */
  readonly swapped: boolean;
  /** Not yet called, see firstUse.ts. */
  untried: boolean;
}

function pairwise(wasm: KernelExports, untried: boolean): Map<BinaryName, Pairwise> {
  const entry = (name: BinaryName, fast: KernelExports['add'], swapped: boolean) => ({ name, fast, swapped, untried });
  return new Map([
    ...BINARY.map((name) => [name, entry(name, wasm[name], false)] as const),
    ['gt', entry('gt', wasm.lt, true)],
    ['ge', entry('ge', wasm.le, true)],
  ]);
}

const flat = (length: number): Layout => ({ shape: [length], strides: [1], offset: 0 });
const repeated: Layout = { shape: [1], strides: [1], offset: 0 };

/** Whole rows, and either operand repeated. */
const zipTrial =
  (name: BinaryName): Trial<Zip> =>
  (zip, heap) => {
    const [x, y, length] = [sample(heap, 61), sample(heap, 90), 29];
    const out = heap.allocate('float32', 3 * length, true);
    const pairs = [
      [flat(length), flat(length)],
      [flat(length), repeated],
      [repeated, flat(length)],
    ];
    const comparison = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'].includes(name);
    for (const [i, [xLayout, yLayout]] of pairs.entries()) {
      const part = comparison
        ? heap.allocate('bool', 80, true).subarray(0, length)
        : out.subarray(i * length, (i + 1) * length);
      zip(name, x, xLayout, y, yLayout, part, [length]);
      if (comparison) out.set(part, i * length);
    }
    return out;
  };

type Zip = typeof reference.zip;
type Where = typeof reference.where;

/** Functions of several arrays, broadcast. */
export function broadcastKernels(access: Access, revectorized: boolean): { zip: Zip; where: Where } {
  const { wasm, heap, nest } = access;
  const table = pairwise(wasm, revectorized);
  const zip: Zip = (name, x, xLayout, y, yLayout, out, shape) => {
    let found = table.get(name);
    if (found?.untried) {
      found.untried = false;
      if (!agrees(zip, reference.zip, zipTrial(name), heap)) {
        table.delete(name);
        found = undefined;
      }
    }
    if (found !== undefined && heap.holds(out) && nest.fill(shape, xLayout, yLayout)) {
      const p = access.operand(x, 0);
      const q = access.operand(y, 1);
      if (p !== NOWHERE && q !== NOWHERE) {
        const from = p + 4 * xLayout.offset;
        const by = q + 4 * yLayout.offset;
        if (!found.swapped) {
          found.fast(from, by, out.byteOffset, nest.address);
          return;
        }
        nest.fill(shape, yLayout, xLayout);
        found.fast(by, from, out.byteOffset, nest.address);
        return;
      }
    }
    reference.zip(name, x, xLayout, y, yLayout, out, shape);
  };
  const where: Where = (condition, cLayout, x, xLayout, y, yLayout, out, shape) => {
    const reachable = condition instanceof Uint8Array && heap.holds(condition) && access.single(out);
    if (reachable && nest.fill(shape, cLayout, xLayout, yLayout)) {
      const p = access.operand(x, 0);
      const q = access.operand(y, 1);
      if (p !== NOWHERE && q !== NOWHERE) {
        const from = condition.byteOffset + cLayout.offset;
        wasm.where(from, p + 4 * xLayout.offset, q + 4 * yLayout.offset, out.byteOffset, nest.address);
        return;
      }
    }
    reference.where(condition, cLayout, x, xLayout, y, yLayout, out, shape);
  };
  return { zip, where };
}

const rowMajor = (shape: readonly number[]): Layout => ({ shape, strides: contiguousStrides(shape), offset: 0 });

type Copy = Pick<typeof reference, 'gather' | 'scatter'>;

/** Copies between strided layouts and row-major order. */
export function copyKernels({ wasm, heap, nest }: Access): Copy {
  function copy(from: Numbers, x: Layout, to: Numbers, out: Layout, shape: readonly number[]): boolean {
    const bytes = from.BYTES_PER_ELEMENT;
    if (bytes === 8 || from.constructor !== to.constructor || !heap.holds(from) || !heap.holds(to)) return false;
    if (!nest.fill(shape, x, out)) return false;
    const [source, target] = [from.byteOffset + bytes * x.offset, to.byteOffset + bytes * out.offset];
    (bytes === 1 ? wasm.copy1 : wasm.copy4)(source, target, nest.address);
    return true;
  }
  return {
    gather(data, layout, out) {
      const contiguous = rowMajor(layout.shape);
      if (!copy(data, layout, out, contiguous, layout.shape)) reference.gather(data, layout, out);
    },
    scatter(values, data, layout) {
      const contiguous = rowMajor(layout.shape);
      if (!copy(values, contiguous, data, layout, layout.shape)) reference.scatter(values, data, layout);
    },
  };
}
