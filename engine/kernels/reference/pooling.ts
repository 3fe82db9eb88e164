import type { Numbers } from '../../tensor/dtype.ts';
import type { Window } from './convolution.ts';

export const pooling = {
  /** The greatest element of each window, and where it lies in its plane; padding never wins, the first of equals does. */
  maxPool(x: Numbers, out: Numbers, indices: Numbers, planes: number, w: Window): void {
    const [height, width] = w.input;
    let o = 0;
    for (let plane = 0; plane < planes; plane++) {
      const start = plane * height * width;
      for (let oy = 0; oy < w.output[0]; oy++)
        for (let ox = 0; ox < w.output[1]; ox++, o++) {
          let best = -1;
          for (let ky = 0; ky < w.kernel[0]; ky++) {
            const y = oy * w.stride[0] + ky * w.dilation[0] - w.padding[0];
            if (y < 0 || y >= height) continue;
            for (let kx = 0; kx < w.kernel[1]; kx++) {
              const column = ox * w.stride[1] + kx * w.dilation[1] - w.padding[1];
              if (column < 0 || column >= width) continue;
              const at = y * width + column;
              const v = x[start + at];
              if (best < 0 || v > x[start + best] || Number.isNaN(v)) best = at;
            }
          }
          out[o] = x[start + best];
          indices[o] = best;
        }
    }
  },
};
