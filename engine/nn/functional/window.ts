import { apply } from '../../autograd/apply.ts';
import { ShapeError, showShape } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { known } from './given.ts';
import { pad } from './pad.ts';
import { pair, type Size } from './sizes.ts';

// The patches under a sliding window as columns, and back: what a convolution multiplies by its kernel.

export interface WindowOptions {
  /** Default 1. */
  readonly stride?: Size;
  /** Zeros on each side. Default 0. */
  readonly padding?: Size;
  /** From one element of a patch to the next. Default 1. */
  readonly dilation?: Size;
}

type Pair = readonly [number, number];

interface Windows {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  /** How much of the image a patch spans. */
  readonly span: Pair;
  /** How many patches fit. */
  readonly count: Pair;
}

function windowsOf(name: string, image: Pair, kernelSize: Size, options: WindowOptions): Windows {
  const { stride = 1, padding = 0, dilation = 1 } = known(name, options, ['stride', 'padding', 'dilation']);
  const sides: readonly (0 | 1)[] = [0, 1];
  const [kernel, steps, margin, gaps] = [kernelSize, stride, padding, dilation].map(pair);
  const span = sides.map((d) => (kernel[d] - 1) * gaps[d] + 1);
  const count = sides.map((d) => Math.floor((image[d] + 2 * margin[d] - span[d]) / steps[d]) + 1);
  if (Math.min(...count) < 1) {
    throw new ShapeError(
      `${name}: a window of ${showShape(span)} doesn't fit into ${showShape(image)} with a padding of ${showShape(margin)}.`,
    );
  }
  const asPair = ([a, b]: readonly number[]): Pair => [a, b];
  return { kernel, stride: steps, padding: margin, dilation: gaps, span: asPair(span), count: asPair(count) };
}

/** Images without a batch dimension get one for the time of the computation. */
function batched(x: Tensor, rank: number, form: string, compute: (x: Tensor) => Tensor): Tensor {
  if (x.shape.length === rank) return compute(x);
  if (x.shape.length === rank - 1) return compute(x.unsqueeze(0)).squeeze(0);
  throw new ShapeError(`${form}, got ${showShape(x.shape)}.`);
}

/** The patches under a window as columns: [n, c, h, w] → [n, c·kh·kw, patches]. The batch dimension may be missing. */
export function unfold(x: Tensor, kernelSize: Size, options: WindowOptions = {}): Tensor {
  return batched(x, 4, 'unfold: expected [n, c, h, w] or [c, h, w]', (images) => {
    const [n, c, h, w] = images.shape;
    const { kernel, stride, padding, dilation, span, count } = windowsOf('unfold', [h, w], kernelSize, options);
    const patches = pad(images, [padding[1], padding[1], padding[0], padding[0]])
      .unfold(2, span[0], stride[0])
      .unfold(3, span[1], stride[1])
      .slice(4, 0, undefined, dilation[0])
      .slice(5, 0, undefined, dilation[1]);
    return patches.permute([0, 1, 4, 5, 2, 3]).reshape([n, c * kernel[0] * kernel[1], count[0] * count[1]]);
  });
}

/**
 * Columns added back as patches, the transpose of `unfold`: [n, c·kh·kw, patches] → [n, c, …outputSize]. Where patches overlap
 * their elements are summed. The batch dimension may be missing.
 */
export function fold(x: Tensor, outputSize: Size, kernelSize: Size, options: WindowOptions = {}): Tensor {
  return batched(x, 3, 'fold: expected [n, c·kh·kw, patches] or [c·kh·kw, patches]', (columns) => {
    const size = pair(outputSize);
    const { kernel, stride, padding, dilation, span, count } = windowsOf('fold', size, kernelSize, options);
    const [n, rows, patches] = columns.shape;
    if (rows % (kernel[0] * kernel[1]) !== 0 || patches !== count[0] * count[1]) {
      throw new ShapeError(
        `fold: for ${showShape(size)} expected columns [n, c·${kernel[0] * kernel[1]}, ${count[0] * count[1]}], ` +
          `got ${showShape(columns.shape)}.`,
      );
    }
    const channels = rows / (kernel[0] * kernel[1]);
    let grid = columns.reshape([n, channels, ...kernel, ...count]).permute([0, 1, 4, 5, 2, 3]);
    // Each step of unfold, the other way round.
    for (const d of [1, 0] as const) {
      grid = apply('place', [grid], { dim: 4 + d, start: 0, end: span[d], step: dilation[d], size: span[d] });
    }
    for (const d of [1, 0] as const) {
      const length = size[d] + 2 * padding[d];
      grid = apply('addWindows', [grid], { dim: 2 + d, size: span[d], step: stride[d], length });
    }
    return grid.narrow(2, padding[0], size[0]).narrow(3, padding[1], size[1]);
  });
}
