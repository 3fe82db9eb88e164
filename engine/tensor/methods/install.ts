import { ShapeError, showShape } from '../errors.ts';
import { INSPECT } from '../inspect.ts';
import { Tensor } from '../tensor.ts';
import { binary } from './binary.ts';
import { counting } from './counting.ts';
import { data } from './data.ts';
import { indexing } from './indexing.ts';
import { inplace } from './inplace.ts';
import { linalg } from './linalg.ts';
import { order } from './order.ts';
import { reduce } from './reduce.ts';
import { shape } from './shape.ts';
import { unary } from './unary.ts';

type Families = typeof unary &
  typeof binary &
  typeof reduce &
  typeof shape &
  typeof indexing &
  typeof data &
  typeof linalg &
  typeof order &
  typeof counting &
  typeof inplace;

/** What a tensor can do. */
export interface TensorMethods extends Families {}

for (const family of [unary, binary, reduce, order, counting, shape, indexing, linalg, data, inplace]) {
  for (const [name, value] of Object.entries(family)) {
    Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
  }
}

// What JavaScript asks for: `loss < 0.1` and `Number(loss)` work on one element; a text is what `String(tensor)` says.
Object.defineProperty(Tensor.prototype, Symbol.toPrimitive, {
  value(this: Tensor, hint: 'number' | 'string' | 'default'): number | string {
    if (hint !== 'number') return this.toString();
    if (this.numel() === 1) return this.item();
    throw new ShapeError(
      `JavaScript's operators take numbers, not a tensor of shape ${showShape(this.shape)}. Use methods: x.mul(2), x.gt(0).`,
    );
  },
});

// `console.log(tensor)` prints what `String(tensor)` does.
Object.defineProperty(Tensor.prototype, INSPECT, { value: Tensor.prototype.toString });
