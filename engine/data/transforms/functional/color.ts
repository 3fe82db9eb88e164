import { elements, wrap } from '../../../tensor/elements.ts';
import { ArgumentError, ShapeError, showShape } from '../../../tensor/errors.ts';
import type { Tensor } from '../../../tensor/tensor.ts';

// Colours are 0 … 1; results are kept within.

/** One gray channel of an RGB image, or three equal ones (luma of ITU-R BT.601, with torchvision's rounded weights). */
export function rgbToGrayscale(image: Tensor, channels: 1 | 3 = 1): Tensor {
  const count = image.shape[image.shape.length - 3];
  if (image.shape.length < 3 || (count !== 3 && count !== 1)) {
    throw new ShapeError(`color: expected an image [3, height, width], got ${showShape(image.shape)}.`);
  }
  const gray =
    count === 1 ? image : image.mul(image.newTensor([0.2989, 0.587, 0.114], [3, 1, 1])).sum(-3, { keepdim: true });
  return gray.expand([...image.shape.slice(0, -3), channels, ...image.shape.slice(-2)]);
}

function blend(name: string, image: Tensor, other: Tensor | number, factor: number): Tensor {
  if (!(factor >= 0)) throw new ArgumentError(`${name}: the factor must not be negative, got ${factor}.`);
  const rest = typeof other === 'number' ? other * (1 - factor) : other.mul(1 - factor);
  return image.mul(factor).add(rest).clamp({ min: 0, max: 1 });
}

/** 0 is black, 1 as it is, 2 twice as bright. */
export const adjustBrightness = (image: Tensor, factor: number): Tensor => blend('adjustBrightness', image, 0, factor);

/** 0 is all gray, 1 as it is. */
export const adjustContrast = (image: Tensor, factor: number): Tensor =>
  blend('adjustContrast', image, rgbToGrayscale(image).mean([-3, -2, -1], { keepdim: true }), factor);

/** 0 is black and white, 1 as it is. */
export const adjustSaturation = (image: Tensor, factor: number): Tensor =>
  blend('adjustSaturation', image, rgbToGrayscale(image), factor);

/** Hue, saturation and value of a colour, all 0 … 1. */
function toHsv(r: number, g: number, b: number): [number, number, number] {
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const chroma = most - least;
  if (chroma === 0) return [0, 0, most];
  const [cr, cg, cb] = [r, g, b].map((v) => (most - v) / chroma);
  const sixth = most === r ? cb - cg : most === g ? 2 + cr - cb : 4 + cg - cr;
  return [(sixth / 6 + 1) % 1, chroma / most, most];
}

/** The colour of a hue, a saturation and a value: R, G and B are the same curve at 5, 3 and 1 sixths of the way. */
const fromHsv = (h: number, s: number, v: number): number[] =>
  [5, 3, 1].map((n) => {
    const k = (n + 6 * h) % 6;
    return v - v * s * Math.max(0, Math.min(k, 4 - k, 1));
  });

/** Turns the colours by a share of the circle, −0.5 … 0.5; gray images stay. */
export function adjustHue(image: Tensor, share: number): Tensor {
  if (!(Math.abs(share) <= 0.5)) throw new ArgumentError(`adjustHue: expected −0.5 … 0.5, got ${share}.`);
  const [channels, height, width] = image.shape.slice(-3);
  if (channels === 1) return image;
  if (channels !== 3) throw new ShapeError(`adjustHue: expected RGB or gray, got ${showShape(image.shape)}.`);
  const [source, out, plane] = [elements(image), new Float32Array(image.numel()), height * width];
  for (let start = 0; start < out.length; start += 3 * plane)
    for (let i = start; i < start + plane; i++) {
      const [h, s, v] = toHsv(source[i], source[i + plane], source[i + 2 * plane]);
      fromHsv((h + share + 1) % 1, s, v).forEach((value, c) => {
        out[i + c * plane] = value;
      });
    }
  return wrap(out, 'float32', image.shape);
}
