import type { Numbers } from '../../tensor/dtype.ts';
import { matmul } from './matmul.ts';

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

/** A batch of images in groups of channels. The window's `channels` are those of one group. */
export interface ConvolutionShape {
  readonly batch: number;
  readonly groups: number;
  /** Of one group. */
  readonly filters: number;
  readonly window: Window;
}

/** Sizes of one group of one image as matrices: the weight is [filters, taps], the patches are [taps, positions]. */
function sizes({ window, filters, batch, groups }: ConvolutionShape) {
  const taps = window.channels * window.kernel[0] * window.kernel[1];
  const positions = window.output[0] * window.output[1];
  const plane = window.channels * window.input[0] * window.input[1];
  return { taps, positions, plane, filters, images: batch * groups };
}

const rowMajor = (data: Numbers, start: number, columns: number) => ({
  data,
  start,
  rowStride: columns,
  columnStride: 1,
});
const transposed = (data: Numbers, start: number, columns: number) => ({
  data,
  start,
  rowStride: 1,
  columnStride: columns,
});

/** Room for one patch matrix, of the precision of `like`. */
const patchesFor = (like: Numbers, size: number): Numbers =>
  like instanceof Float64Array ? new Float64Array(size) : new Float32Array(size);

export const convolution = {
  /** out [n, f, oh, ow] = bias + x ⋆ weight: each image is spread into its patches, which the weight multiplies. */
  conv2d(x: Numbers, weight: Numbers, bias: Numbers | null, out: Numbers, shape: ConvolutionShape): void {
    const { taps, positions, plane, filters, images } = sizes(shape);
    const patches = patchesFor(out, taps * positions);
    for (let i = 0; i < images; i++) {
      const group = i % shape.groups;
      const to = i * filters * positions;
      for (let f = 0; f < filters; f++) {
        const start = to + f * positions;
        out.fill(bias === null ? 0 : bias[group * filters + f], start, start + positions);
      }
      convolution.patches(x, i * plane, shape.window, patches);
      const rows = rowMajor(weight, group * filters * taps, taps);
      matmul.matmul(rows, rowMajor(patches, 0, positions), out, to, filters, taps, positions, true);
    }
  },

  /** out [n, c, h, w]: the transpose of `conv2d` in x. */
  conv2dInput(y: Numbers, weight: Numbers, out: Numbers, shape: ConvolutionShape): void {
    const { taps, positions, plane, filters, images } = sizes(shape);
    const patches = patchesFor(out, taps * positions);
    out.fill(0);
    for (let i = 0; i < images; i++) {
      const columns = transposed(weight, (i % shape.groups) * filters * taps, taps);
      const incoming = rowMajor(y, i * filters * positions, positions);
      matmul.matmul(columns, incoming, patches, 0, taps, filters, positions, false);
      convolution.addPatches(patches, shape.window, out, i * plane);
    }
  },

  /** out [f, c, kh, kw]: the transpose of `conv2d` in the weight. */
  conv2dWeight(y: Numbers, x: Numbers, out: Numbers, shape: ConvolutionShape): void {
    const { taps, positions, plane, filters, images } = sizes(shape);
    const patches = patchesFor(out, taps * positions);
    out.fill(0);
    for (let i = 0; i < images; i++) {
      convolution.patches(x, i * plane, shape.window, patches);
      const incoming = rowMajor(y, i * filters * positions, positions);
      const row = (i % shape.groups) * filters * taps;
      matmul.matmul(incoming, transposed(patches, 0, positions), out, row, filters, positions, taps, true);
    }
  },

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
