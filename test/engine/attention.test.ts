import { describe, expect, test } from 'vitest';
import { backward } from '../../engine/autograd/backward.ts';
import { F, manualSeed, nn, ones, rand, randn, type Tensor } from '../../engine/host/api.ts';

const [N, HEADS, QUERIES, KEYS, WIDTH] = [2, 3, 5, 7, 4];

/** Leaves in float64. */
const leaves = (shapes: number[][]): Tensor[] => shapes.map((shape) => randn(shape).to('float64').requiresGrad_(true));

const gradients = (inputs: Tensor[]): number[][] => inputs.map((x) => [...x.grad!.toFlat()]);

function expectClose(got: number[][], expected: number[][]): void {
  for (const [i, list] of expected.entries()) {
    for (const [k, v] of list.entries()) expect(got[i][k]).toBeCloseTo(v, 5);
  }
}

/** Result and gradients, weighted by numbers of their own. */
function through(inputs: Tensor[], f: (...inputs: Tensor[]) => Tensor): number[][] {
  for (const x of inputs) x.grad = null;
  const out = f(...inputs);
  manualSeed(9);
  backward(out, randn(out.shape).to('float64'));
  return [[...out.detach().toFlat()], ...gradients(inputs)];
}

const hiding = rand([QUERIES, KEYS])
  .gt(0.3)
  .logicalOr(ones([QUERIES, KEYS]).tril().to('bool'));
const masks: Record<string, Tensor | undefined> = {
  none: undefined,
  'a boolean one': hiding,
  'one for each sequence': rand([N, 1, QUERIES, KEYS]).to('float64'),
  'keys of each sequence': rand([N, 1, 1, KEYS]).gt(0.9).logicalNot(),
};

describe.each(Object.entries(masks))('attention as one operation is what its parts say, mask: %s', (_, mask) => {
  test.each([false, true])('causal: %s', (isCausal) => {
    const shapes = [QUERIES, KEYS, KEYS].map((positions) => [N, HEADS, positions, WIDTH]);
    const options = { mask, isCausal, scale: 0.6 };
    const inputs = leaves(shapes);
    const whole = through(inputs, (q, k, v) => F.scaledDotProductAttention(q, k, v, options));
    expectClose(
      whole,
      through(inputs, (q, k, v) => F.attentionWeights(q, k, options).matmul(v)),
    );
  });
});

test('a mask that is trained gets its gradient', () => {
  const inputs = leaves([
    [N, QUERIES, WIDTH],
    [N, KEYS, WIDTH],
    [N, KEYS, WIDTH],
    [QUERIES, KEYS],
  ]);
  const whole = through(inputs, (q, k, v, mask) => F.scaledDotProductAttention(q, k, v, { mask }));
  expectClose(
    whole,
    through(inputs, (q, k, v, mask) => F.attentionWeights(q, k, { mask }).matmul(v)),
  );
});

test('a layer gives the same with and without its weights, and where keys are told apart from queries', () => {
  const layer = new nn.MultiheadAttention(6, 2, { batchFirst: true });
  const x = randn([3, 5, 6]);
  const call = { isCausal: true, keyPaddingMask: ones([3, 5]).triu(2).to('bool') };
  const [expected] = layer(x, x, x, { ...call, needWeights: true });
  for (const output of [layer(x, x, x, call), layer(x, x.clone(), x, call)]) {
    expectClose([[...output.detach().toFlat()]], [[...expected.detach().toFlat()].map((v) => Number(v))]);
  }
});
