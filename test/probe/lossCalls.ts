import { F, nn, tensor } from '../../engine/index.ts';
import type { Tensor } from '../../engine/tensor/tensor.ts';
import { watched } from './watched.ts';

// The same calls, in the same order, as in test/torch/scripts/losses.py.

const ANSWERS = tensor([
  [0.5, -1, 2],
  [1.5, 0.25, -0.5],
  [-0.75, 1, 0],
  [3, -2, 0.5],
]);
export const NUMBERS = tensor([
  [0, 2, 1],
  [1, 5, 0],
  [1, 0, 4],
  [4, 1, 1],
]);
const SIGNS = NUMBERS.gt(1).to('float32').mul(2).sub(1);
export const SHARES = NUMBERS.softmax(1);
const CLASSES = tensor([0, 1, 1, 2], { dtype: 'int32' });
const SOME = tensor([0, 1, 9, 2], { dtype: 'int32' });
const WEIGHTS = tensor([1, 2, 4]);

/** Names of the functions as frames have them, what is special, and losses of answers. */
export const LOSS_CALLS: readonly [name: string, title: string, loss: (answers: Tensor) => Tensor][] = [
  ['l1Loss', 'l1', (x) => F.l1Loss(x, NUMBERS)],
  ['huberLoss', 'Huber', (x) => F.huberLoss(x, NUMBERS, { delta: 0.75 })],
  ['smoothL1Loss', 'smooth l1', (x) => F.smoothL1Loss(x, NUMBERS, { beta: 0.5 })],
  ['l1Loss', 'smooth l1, without the smooth part', (x) => F.smoothL1Loss(x, NUMBERS, { beta: 0 })],
  ['poissonNllLoss', 'counts', (x) => F.poissonNllLoss(x, NUMBERS, { full: true })],
  ['softMarginLoss', 'soft margin', (x) => F.softMarginLoss(x, SIGNS)],
  ['crossEntropy', 'classes', (x) => F.crossEntropy(x, CLASSES)],
  ['crossEntropy', 'weights of classes', (x) => F.crossEntropy(x, CLASSES, { weight: WEIGHTS })],
  ['crossEntropy', 'a class that doesn’t count', (x) => F.crossEntropy(x, SOME, { ignoreIndex: 9 })],
  ['crossEntropy', 'labels smoothed', (x) => F.crossEntropy(x, CLASSES, { labelSmoothing: 0.2, weight: WEIGHTS })],
  ['crossEntropy', 'shares', (x) => F.crossEntropy(x, SHARES)],
  ['klDiv', 'KL divergence', (x) => F.klDiv(x.logSoftmax(1), SHARES, { reduction: 'batchMean' })],
  [
    'klDiv',
    'KL divergence of logarithms',
    (x) => F.klDiv(x.logSoftmax(1), SHARES.log(), { logTarget: true, reduction: 'batchMean' }),
  ],
];

/** The frame of a call with answers that are learned, and what the call gave. */
export function toldOf(loss: (answers: Tensor) => Tensor) {
  const { all, result } = watched(() => {
    const answers = new nn.Parameter(ANSWERS);
    const value = loss(answers);
    value.backward();
    return value.item();
  });
  const [frame] = all('loss');
  return { frame, value: result };
}
