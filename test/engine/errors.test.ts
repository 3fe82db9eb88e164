// Each kind of mistake: the message says what was expected and what came, and the stack leads to the user's line.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { autograd, F, grad, nn, noGrad, optim, type Tensor, tensor, zeros } from '../../engine/index.ts';

const leaf = (values: number[]) => tensor(values, { requiresGrad: true });
const here = fileURLToPath(import.meta.url);
const lines = readFileSync(here, 'utf8').split('\n');

/** The first line of this file that an error's stack names. */
function lineOf(error: Error): string {
  const [, line] = /errors\.test\.ts:(\d+):\d+/.exec(error.stack ?? '') ?? [];
  return lines[Number(line) - 1] ?? '';
}

function caught(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

/** A mistake, marked by `// !` at the end of the line that made it, and what is said of it. */
type Mistake = readonly [name: string, run: () => unknown, error: string, message: string | RegExp];

const mistakes: readonly Mistake[] = [
  [
    'a shape that does not broadcast',
    () => {
      zeros([2, 3]).add(zeros([4])); // !
    },
    'ShapeError',
    "add: shapes [2, 3] and [4] can't be broadcast together: counted from the end, dimension 1 is 3 on the left and 4 on the right",
  ],
  [
    'a shape that a layer does not take',
    () => {
      const layer = new nn.Linear(2, 3);
      layer(zeros([4, 5])); // !
    },
    'ShapeError',
    'expected 2 features in the last dimension, got 5',
  ],
  [
    'an element type',
    () => {
      zeros([3]).indexSelect(0, tensor([0, 1])); // !
    },
    'DTypeError',
    'indices must be int32, got float32',
  ],
  [
    'an element type there is not',
    () => {
      tensor([1], { dtype: 'int64' as never }); // !
    },
    'DTypeError',
    'Expected the element type bool, int32, float32, float64, got int64',
  ],
  [
    'what is no tensor',
    () => {
      zeros([2]).add([1, 2] as never); // !
    },
    'DTypeError',
    'Expected a tensor or a number, got an array. Make it a tensor',
  ],
  [
    'a second backward through a freed graph',
    () => {
      const loss = leaf([1, 2]).square().sum();
      loss.backward();
      loss.backward(); // !
    },
    'GradientError',
    'the graph behind sum has been freed by an earlier backward(). Pass { retainGraph: true } to the earlier one',
  ],
  [
    'backward of what is no scalar',
    () => {
      leaf([1, 2]).mul(2).backward(); // !
    },
    'GradientError',
    'backward: expected a scalar, got shape [2]',
  ],
  [
    'grad of what is no scalar',
    () => {
      const x = leaf([1, 2]);
      grad(x.square(), [x]); // !
    },
    'GradientError',
    'grad: expected a scalar, got shape [2]. Reduce it first, as in loss.mean(), or pass { gradOutputs }',
  ],
  [
    'backward of what has no history',
    () => {
      tensor([1]).sum().backward(); // !
    },
    'GradientError',
    'requires no gradient and has no history',
  ],
  [
    'a gradient of another shape',
    () => {
      leaf([1, 2])
        .mul(2)
        .backward(tensor([1])); // !
    },
    'ShapeError',
    'the gradient has shape [1], expected that of the tensor, [2]',
  ],
  [
    'a change in place of a leaf',
    () => {
      leaf([1]).add_(1); // !
    },
    'GradientError',
    "a leaf that requires a gradient can't be changed in place while gradients are recorded",
  ],
  [
    'a change in place of what backward needs: the line that made it, not that of backward',
    () => {
      const y = leaf([1, 2]).sigmoid();
      const loss = y.mul(2).sum();
      y.add_(1); // !
      loss.backward();
    },
    'GradientError',
    /sigmoid needs .* changed in place .*version 1, expected 0/,
  ],
  [
    'an update before backward',
    () => {
      const w = leaf([1, 2]);
      const optimizer = new optim.SGD([w], { lr: 0.1 });
      w.sum().backward();
      const loss = w.square().sum();
      optimizer.step(); // !
      loss.backward();
    },
    'GradientError',
    /square needs .* changed in place .*version 1, expected 0/,
  ],
  [
    'a state dict with other names',
    () => {
      const layer = new nn.Linear(2, 3);
      layer.loadStateDict({ weights: zeros([3, 2]), bias: zeros([3]) }); // !
    },
    'ShapeError',
    'loadStateDict: missing weight; unexpected weights',
  ],
  [
    'a state dict with other shapes',
    () => {
      const layer = new nn.Linear(2, 3);
      layer.loadStateDict({ weight: zeros([3, 3]), bias: zeros([3]) }); // !
    },
    'ShapeError',
    'loadStateDict: expected shape [3, 2] for weight, got [3, 3]',
  ],
  [
    'indices as floats',
    () => {
      F.crossEntropy(zeros([3, 4]), tensor([0, 1, 2])); // !
    },
    'DTypeError',
    'expected class indices as int32 [3] or probabilities [3, 4], got float32 [3]',
  ],
  [
    'a mask of another size',
    () => {
      zeros([3]).index(tensor([true, false])); // !
    },
    'ShapeError',
    'index: a mask of shape [2] at dimension 0 of [3]; expected [3]',
  ],
  [
    'more elements than there are',
    () => {
      zeros([4]).narrow(0, 3, 2); // !
    },
    'ShapeError',
    'narrow: 2 elements from 3 on are more than dimension 0 has, which is 4',
  ],
  [
    'an operator of JavaScript',
    () => {
      Number(zeros([3])); // !
    },
    'ShapeError',
    "JavaScript's operators take numbers, not a tensor of shape [3]. Use methods",
  ],
  [
    'an async body',
    () => {
      noGrad(async () => zeros([1])); // !
    },
    'ArgumentError',
    'noGrad: expected a plain function, got an async one',
  ],
  [
    'a tensor where a list is expected',
    () => {
      new optim.SGD(leaf([1]) as never, { lr: 0.1 }); // !
    },
    'ArgumentError',
    'SGD: expected a list of tensors, got one tensor',
  ],
  [
    'a hook that returns another shape',
    () => {
      const x = leaf([1, 2]);
      x.registerHook(() => zeros([3]));
      x.sum().backward(); // !
    },
    'GradientError',
    'a hook must return nothing or a gradient of shape [2], got shape [3]',
  ],
  [
    'a grad of another shape',
    () => {
      const x = leaf([1]);
      x.grad = zeros([2]);
      x.sum().backward(); // !
    },
    'ShapeError',
    'a leaf of shape [1] was given a grad of shape [2]; expected the same shape',
  ],
];

describe('a mistake', () => {
  test.each(mistakes)('%s', (_, run, name, message) => {
    const error = caught(run);
    expect(error.message).toMatch(message);
    expect(error.name).toBe(name);
    expect(lineOf(error)).toMatch(/\/\/ !$/);
  });
});

describe('a function with a backward of its own', () => {
  const applied = (forward: (x: Tensor, y: Tensor) => unknown, backward: (g: Tensor) => unknown): void => {
    class Own extends autograd.Function {
      static override forward = (_: autograd.FunctionContext, x: Tensor, y: Tensor) => forward(x, y) as Tensor;
      static override backward = (_: autograd.FunctionContext, g: Tensor) => backward(g) as Tensor;
    }
    Own.apply(leaf([1, 2]), leaf([3, 4]))
      .sum()
      .backward();
  };
  const multiply = (x: Tensor, y: Tensor) => x.mul(y);

  test('is told what it should have returned', () => {
    expect(() =>
      applied(
        (x) => [x, x],
        (g) => g,
      ),
    ).toThrow('Own.forward: expected one tensor to be returned, got an array');
    expect(() => applied(multiply, (g) => [g])).toThrow('(or null) for each of 2 arguments of forward, got 1');
    expect(() => applied(multiply, () => [3, null])).toThrow('expected a tensor or null for argument 0, got number');
    expect(() => applied(multiply, () => [zeros([5]), null])).toThrow(
      'the gradient of argument 0 has shape [5], expected that of the argument, [2]',
    );
  });
});
