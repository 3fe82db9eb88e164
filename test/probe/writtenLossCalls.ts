import { F, nn, tensor } from '../../engine/index.ts';
import type { Tensor } from '../../engine/tensor/tensor.ts';
import { watched } from './watched.ts';

// The same calls, in the same order, as in test/torch/scripts/written_losses.py.

const ANSWERS = tensor([
  [0.5, -1, 2],
  [1.5, 0.25, -0.5],
  [-0.75, 1, 0],
  [3, -2, 0.5],
]);
const NUMBERS = tensor([
  [0, 2, 1],
  [1, 5, 0],
  [1, 0, 4],
  [4, 1, 1],
]);
const CLASSES = tensor([0, 1, 1, 2], { dtype: 'int32' });
const ONE_HOT = tensor([
  [1, 0, 0],
  [0, 1, 0],
  [0, 1, 0],
  [0, 0, 1],
]);
const TWO = tensor([
  [0, 1, 1],
  [1, 0, 0],
  [1, 0, 1],
  [0, 1, 1],
]);

type Loss = (answers: Tensor) => Tensor;

/** The frames of a loss of answers that are learned. */
export function told(loss: Loss) {
  return watched(() => loss(new nn.Parameter(ANSWERS).mul(1)).backward()).all('loss');
}

const certain = (x: Tensor) => x.sigmoid().clamp(1e-6, 1 - 1e-6);

/** As it is written, and the function of the library that gives the same. */
export const WRITTEN: readonly [title: string, written: Loss, library: Loss][] = [
  ['squares', (x) => x.sub(NUMBERS).square().mean(), (x) => F.mseLoss(x, NUMBERS)],
  ['powers of 2', (x) => NUMBERS.sub(x).pow(2).mean(), (x) => F.mseLoss(x, NUMBERS)],
  ['a product with itself', (x) => ((d) => d.mul(d).sum(1).mean())(x.sub(NUMBERS)), (x) => F.mseLoss(x, NUMBERS)],
  ['half of it', (x) => x.sub(NUMBERS).square().mean().div(2), (x) => F.mseLoss(x, NUMBERS)],
  ['its root', (x) => x.sub(NUMBERS).square().mean().sqrt(), (x) => F.mseLoss(x, NUMBERS)],
  ['its negative', (x) => x.sub(NUMBERS).square().mean().neg(), (x) => F.mseLoss(x, NUMBERS)],
  ['magnitudes', (x) => x.sub(NUMBERS).abs().mean(), (x) => F.l1Loss(x, NUMBERS)],
  [
    'one of two',
    (x) =>
      ((p) =>
        TWO.mul(p.log())
          .add(TWO.neg().add(1).mul(p.neg().add(1).log()))
          .mean()
          .neg())(certain(x)),
    (x) => F.binaryCrossEntropy(certain(x), TWO),
  ],
  [
    'one of two, in two means',
    (x) => {
      const p = certain(x);
      const no = tensor(1).sub(TWO);
      return TWO.mul(p.log())
        .mean()
        .neg()
        .sub(no.mul(tensor(1).sub(p).log()).mean());
    },
    (x) => F.binaryCrossEntropy(certain(x), TWO),
  ],
  [
    'one of two, by logits',
    (x) => TWO.mul(x.logSigmoid()).add(TWO.neg().add(1).mul(x.neg().logSigmoid())).mean().neg(),
    (x) => F.binaryCrossEntropy(x.sigmoid(), TWO),
  ],
  [
    'what is picked of logarithms',
    (x) => x.logSoftmax(1).gather(1, CLASSES.unsqueeze(1)).mean().neg(),
    (x) => F.nllLoss(x.logSoftmax(1), CLASSES),
  ],
  [
    'the logarithm of what is picked',
    (x) => x.softmax(1).gather(1, CLASSES.unsqueeze(1)).squeeze(1).add(1e-9).log().mean().neg(),
    (x) => F.nllLoss(x.logSoftmax(1), CLASSES),
  ],
  [
    'a product with ones and zeros',
    (x) => ONE_HOT.mul(x.softmax(1).add(1e-8).log()).sum(1).neg().mean(),
    (x) => F.nllLoss(x.logSoftmax(1), CLASSES),
  ],
  [
    'a softmax over the batch',
    (x) => ONE_HOT.mul(x.softmax(0).log()).sum(1).neg().mean(),
    (x) => F.nllLoss(x.logSoftmax(0), CLASSES),
  ],
];

/** An answer that is held against each target. */
export const PAIRS: readonly [title: string, loss: Loss][] = [
  ['squares', (x) => x.sum(1, { keepdim: true }).sub(NUMBERS.select(1, 0)).square().mean()],
  [
    'one of two',
    (x) => {
      const p = certain(x.sum(1, { keepdim: true }));
      const t = TWO.select(1, 0);
      return t
        .mul(p.log())
        .add(t.neg().add(1).mul(p.neg().add(1).log()))
        .mean()
        .neg();
    },
  ],
];

/** No loss. */
export const DIFFERENCE: Loss = (x) => x.sub(NUMBERS).mean();

/** Squares, magnitudes and something else. */
export const SUM: Loss = (x) =>
  x.sub(NUMBERS).square().mean().add(x.sub(TWO).abs().mean().mul(0.1)).add(x.exp().mean());

/** What a function of the library is given, and something beside it. */
export const BESIDE: Loss = (x) => F.mseLoss(x, NUMBERS).add(x.sub(TWO).square().mean());

/** Of these nothing is told. */
export const NOTHING: readonly [title: string, loss: Loss][] = [
  ['two answers', (x) => x.sub(x.exp()).square().mean()],
  ['a single number', (x) => x.sub(1).square().mean()],
  ['squares that are masked', (x) => x.sub(NUMBERS).square().mul(TWO).mean()],
  ['weights that are no shares', (x) => NUMBERS.mul(x.logSoftmax(1)).sum(1).mean()],
  ['logarithms of what doesn’t sum to 1', (x) => ONE_HOT.mul(x.sigmoid().log()).sum(1).mean().neg()],
  ['rewards', (x) => x.logSoftmax(1).gather(1, CLASSES.unsqueeze(1)).mul(NUMBERS.select(1, 0).unsqueeze(1)).mean()],
  ['scores that are picked', (x) => x.gather(1, CLASSES.unsqueeze(1)).mean().neg()],
];
