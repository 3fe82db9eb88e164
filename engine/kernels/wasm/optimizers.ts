import type { Numbers } from '../../tensor/dtype.ts';
import { optimizers as reference } from '../reference/optimizers.ts';
import type { Access } from './access.ts';

/**
 * Steps of float32 parameters in the heap; others, small ones among them, go to the reference.
 * @param wide Whether 256 bits have been found right.
 */
export function wasmOptimizers(access: Access, wide: boolean): typeof reference {
  const { wasm } = access;
  const single = (array: Numbers | null) => array === null || access.single(array);
  return {
    sgd(p, g, velocity, step, row) {
      const { lr, weightDecay, momentum, fresh, nesterov } = step;
      if (!single(p) || !single(g) || !single(velocity) || !single(row)) {
        reference.sgd(p, g, velocity, step, row);
        return;
      }
      const [to, from, n] = [p.byteOffset, g.byteOffset, p.length];
      if (velocity === null) {
        if (row === null) wasm.sgd(to, from, n, lr, weightDecay);
        else wasm.sgdMeasured(to, from, n, lr, weightDecay, row.byteOffset, wide, access.free);
        return;
      }
      const v = velocity.byteOffset;
      if (row === null) wasm.sgdMomentum(to, from, v, n, lr, weightDecay, momentum, fresh, nesterov);
      else {
        const options = [lr, weightDecay, momentum, fresh, nesterov] as const;
        wasm.sgdMomentumMeasured(to, from, v, n, ...options, row.byteOffset, wide, access.free);
      }
    },
    adam(p, g, mean, square, top, step, row) {
      if (![p, g, mean, square, top, row].every(single)) return reference.adam(p, g, mean, square, top, step, row);
      const { shrink, weightDecay, betas, eps, rate, correction } = step;
      const t = top === null ? 0 : top.byteOffset;
      const arrays = [p.byteOffset, g.byteOffset, mean.byteOffset, square.byteOffset, t] as const;
      const options = [shrink, weightDecay, betas[0], betas[1], rate, correction, eps] as const;
      if (row === null) wasm.adam(...arrays, p.length, ...options);
      else wasm.adamMeasured(...arrays, p.length, ...options, row.byteOffset, wide, access.free);
    },
  };
}
