import { optimizers as reference } from '../reference/optimizers.ts';
import type { Access } from './access.ts';

/** Steps of float32 parameters in the heap; others, small ones among them, go to the reference. */
export function wasmOptimizers(access: Access): typeof reference {
  const { wasm } = access;
  return {
    sgd(p, g, velocity, step) {
      const { lr, weightDecay, momentum, fresh, nesterov } = step;
      if (!access.single(p) || !access.single(g)) reference.sgd(p, g, velocity, step);
      else if (velocity === null) wasm.sgd(p.byteOffset, g.byteOffset, p.length, lr, weightDecay);
      else if (access.single(velocity)) {
        const [to, from, v] = [p.byteOffset, g.byteOffset, velocity.byteOffset];
        wasm.sgdMomentum(to, from, v, p.length, lr, weightDecay, momentum, fresh, nesterov);
      } else reference.sgd(p, g, velocity, step);
    },
    adam(p, g, mean, square, top, step) {
      const arrays = top === null ? [p, g, mean, square] : [p, g, mean, square, top];
      if (!arrays.every((array) => access.single(array))) return reference.adam(p, g, mean, square, top, step);
      const { shrink, weightDecay, betas, eps, rate, correction } = step;
      const [at, from, m, v] = [p.byteOffset, g.byteOffset, mean.byteOffset, square.byteOffset];
      const t = top === null ? 0 : top.byteOffset;
      wasm.adam(at, from, m, v, t, p.length, shrink, weightDecay, betas[0], betas[1], rate, correction, eps);
    },
  };
}
