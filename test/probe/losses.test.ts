import { describe, expect, test } from 'vitest';
import { F, nn, tensor } from '../../engine/index.ts';
import type { Tensor } from '../../engine/tensor/tensor.ts';
import { LOSS_CALLS, NUMBERS, SHARES, toldOf } from './lossCalls.ts';

/** What is told of a loss function's first call: its value, what the best constant scores, and the least there can be. */

/** The least that gradient descent finds among constants: one for each column. */
function bestConstant(loss: (answers: Tensor) => Tensor): number {
  let answer = tensor([[0.2, 0.1, 0.3]]);
  let [best, rate] = [Infinity, 0.1];
  for (let step = 0; step < 4000; step++) {
    const constant = new nn.Parameter(answer);
    const value = loss(constant.expand([4, 3]));
    value.backward();
    best = Math.min(best, value.item());
    answer = constant.detach().sub((constant.grad as Tensor).mul(rate));
    if (step % 500 === 499) rate /= 2;
  }
  return best;
}

describe.each(LOSS_CALLS)('%s: %s', (name, _, loss) => {
  test('value and best constant', () => {
    const { frame, value } = toldOf(loss);
    expect(frame).toMatchObject({
      loss: name,
      evaluation: false,
      rows: name === 'klDiv' || name === 'crossEntropy' ? 4 : 12,
    });
    expect(frame.value).toBeCloseTo(value, 5);
    expect(frame.baseline).toBeCloseTo(bestConstant(loss), 3);
    expect(frame.least).toBeLessThan(frame.baseline as number);
  });
});

test('the least there can be, of targets that are in doubt themselves', () => {
  const least = (loss: (x: Tensor) => Tensor) => toldOf(loss).frame.least;
  const own = SHARES.mul(SHARES.log()).sum(1).mean().neg().item();
  expect(least((x) => F.crossEntropy(x, SHARES))).toBeCloseTo(own, 5);
  expect(least((x) => F.binaryCrossEntropyWithLogits(x, SHARES))).toBeCloseTo(
    F.binaryCrossEntropy(SHARES, SHARES).item(),
    5,
  );
  expect(least((x) => F.klDiv(x.logSoftmax(1), SHARES))).toBe(0);
  expect(least((x) => F.l1Loss(x, NUMBERS))).toBe(0);
});

test('where targets lie, of every element for itself', () => {
  expect(toldOf((x) => F.mseLoss(x, NUMBERS)).frame).toMatchObject({ leastTarget: 0, greatestTarget: 5 });
  expect(toldOf((x) => F.crossEntropy(x, SHARES)).frame).not.toHaveProperty('leastTarget');
});
