import type { Tensor } from '../../../tensor/tensor.ts';

const blend = (x: Tensor, order: Tensor, share: number): Tensor =>
  x.mul(share).add(x.indexSelect(0, order).mul(1 - share));

/** A batch of inputs and their targets as probabilities [n, classes]. */
export type Batch = [input: Tensor, target: Tensor];

/** `share` of each sample and the rest of another one, the one at its place in `order`. */
export const mixup = ([input, target]: Batch, order: Tensor, share: number): Batch => [
  blend(input, order, share),
  blend(target, order, share),
];

/** Each image [n, c, h, w] with a rectangle of another one, targets by area. */
export function cutmix(
  [input, target]: Batch,
  order: Tensor,
  [top, left, height, width]: readonly [number, number, number, number],
): Batch {
  const [rows, columns] = input.shape.slice(-2);
  const mixed = input.detach().clone();
  if (height > 0 && width > 0) {
    const part = (x: Tensor): Tensor => x.narrow(-2, top, height).narrow(-1, left, width);
    part(mixed).copy_(part(input.detach().indexSelect(0, order)));
  }
  return [mixed, blend(target, order, 1 - (height * width) / (rows * columns))];
}
