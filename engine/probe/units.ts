import type { TapeNode } from '../autograd/tape.ts';
import type { Numbers } from '../tensor/dtype.ts';

/** So many samples in a row a unit must be 0 before it's called dead: ReLU's natural zeros don't last. */
export const SAMPLES_TO_BE_DEAD = 256;
/** Saturated: the derivative is below this share of its greatest. */
const SATURATED = 0.01;

/** The derivative by the output, as a share of its greatest. */
const SLOPES: { readonly [operation: string]: (y: number) => number } = {
  sigmoid: (y) => 4 * y * (1 - y),
  tanh: (y) => 1 - y * y,
};

/** What is measured of an activation's output besides the common statistics. */
export class Units {
  /** For how many samples in a row each unit of an operation has been 0, and how many were measured. */
  readonly #quiet = new Map<number, { readonly units: Int32Array; samples: number }>();

  measure(id: number, node: TapeNode, data: Numbers): { deadShare?: number; saturatedShare?: number } {
    if (node.operation === 'relu') return { deadShare: this.#deadShare(id, node, data) };
    const slope = SLOPES[node.operation];
    if (!slope) return {};
    let saturated = 0;
    for (let i = 0; i < data.length; i++) if (slope(data[i]) < SATURATED) saturated++;
    return { saturatedShare: saturated / data.length };
  }

  #deadShare(id: number, node: TapeNode, data: Numbers): number {
    const { shape } = node;
    const axis = unitAxis(node);
    const count = shape[axis] ?? 1;
    const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const samples = axis === 0 ? 1 : Math.round(data.length / (count * (axis === 1 ? inner : 1)));
    let known = this.#quiet.get(id);
    if (known?.units.length !== count) {
      known = { units: new Int32Array(count), samples: 0 };
      this.#quiet.set(id, known);
    }
    const { units } = known;
    known.samples += samples;
    for (let unit = 0; unit < count; unit++) units[unit] = isZero(data, unit, count, inner) ? units[unit] + samples : 0;
    if (known.samples < SAMPLES_TO_BE_DEAD) return Number.NaN;
    return units.filter((quiet) => quiet >= SAMPLES_TO_BE_DEAD).length / count;
  }
}

/** Channels of images, [n, c, h, w] (and of what a convolution made, whatever its rank), else the last dimension. */
function unitAxis({ shape, inputs }: TapeNode): number {
  const convolved = inputs[0]?.node?.operation.startsWith('conv') ?? false;
  return shape.length >= 4 || (convolved && shape.length === 3) ? 1 : shape.length - 1;
}

/** True if a unit is 0 throughout; nearly always answered by the first few elements. */
function isZero(data: Numbers, unit: number, count: number, inner: number): boolean {
  const stride = count * inner;
  for (let outer = unit * inner; outer < data.length; outer += stride) {
    for (let i = outer; i < outer + inner; i++) if (data[i] !== 0) return false;
  }
  return true;
}
