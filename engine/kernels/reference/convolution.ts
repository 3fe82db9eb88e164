import type { Numbers } from '../../tensor/dtype.ts';

/** The geometry of a 2-d convolution over one image. Sizes are [height, width]. */
export interface Window {
  readonly channels: number;
  readonly input: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly output: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
}

/** Calls `visit` for each row of the patch matrix [channels · kernel, output] that overlaps the image. */
function eachPatchRow(w: Window, visit: (column: number, image: number, from: number, to: number) => void): void {
  const [height, width] = w.input;
  const [rows, columns] = w.output;
  let line = 0;
  for (let c = 0; c < w.channels; c++)
    for (let ky = 0; ky < w.kernel[0]; ky++)
      for (let kx = 0; kx < w.kernel[1]; kx++, line++) {
        const shift = kx * w.dilation[1] - w.padding[1];
        const from = Math.max(0, Math.ceil(-shift / w.stride[1]));
        const to = Math.min(columns, Math.floor((width - 1 - shift) / w.stride[1]) + 1);
        for (let oy = 0; oy < rows; oy++) {
          const y = oy * w.stride[0] + ky * w.dilation[0] - w.padding[0];
          if (y < 0 || y >= height || from >= to) continue;
          visit((line * rows + oy) * columns, (c * height + y) * width + shift, from, to);
        }
      }
}

export const convolution = {
  /** Spreads one image (from `start`) into its patch matrix [channels · kernel, output]; padding stays 0. */
  patches(image: Numbers, start: number, w: Window, out: Numbers): void {
    const stride = w.stride[1];
    out.fill(0);
    eachPatchRow(w, (column, at, from, to) => {
      for (let ox = from, x = start + at + from * stride; ox < to; ox++, x += stride) out[column + ox] = image[x];
    });
  },

  /** The transpose of `patches`: adds each patch element back onto the image it was read from. */
  addPatches(patches: Numbers, w: Window, image: Numbers, start: number): void {
    const stride = w.stride[1];
    eachPatchRow(w, (column, at, from, to) => {
      for (let ox = from, x = start + at + from * stride; ox < to; ox++, x += stride) image[x] += patches[column + ox];
    });
  },
};
