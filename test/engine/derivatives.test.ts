// Derivatives of functions as a whole, against what they are by hand.
import { describe, expect, test } from 'vitest';
import { autograd, GradientError, type Tensor, tensor } from '../../engine/index.ts';

const { vjp, jvp, jacobian, hessian, hvp, vhp } = autograd.functional;
const vector = (values: number[]) => tensor(values, { dtype: 'float64' });
const x = vector([1, 2, 3]);
/** [x₀x₁, x₂²]: Jacobian [[x₁, x₀, 0], [0, 0, 2x₂]]. */
const f = (t: Tensor) => tensor([0, 0], { dtype: 'float64' }).add(cat2(t.at(0).mul(t.at(1)), t.at(2).square()));
const cat2 = (a: Tensor, b: Tensor) => a.mul(vector([1, 0])).add(b.mul(vector([0, 1])));

describe('a function of one tensor', () => {
  test('its Jacobian, and the products with it', () => {
    expect(jacobian(f, x).toArray()).toEqual([
      [2, 1, 0],
      [0, 0, 6],
    ]);
    const back = vjp(f, x, vector([10, 1]));
    expect([back.output.toArray(), back.vjp.toArray()]).toEqual([
      [2, 9],
      [20, 10, 6],
    ]);
    const along = jvp(f, x, vector([1, 1, 1]));
    expect([along.output.toArray(), along.jvp.toArray()]).toEqual([
      [2, 9],
      [3, 6],
    ]);
  });

  test('its Hessian, and the products with it', () => {
    const cubes = (t: Tensor) =>
      t
        .pow(3)
        .sum()
        .add(t.at(0).mul(t.at(1)));
    const want = [
      [6, 1, 0],
      [1, 12, 0],
      [0, 0, 18],
    ];
    expect(hessian(cubes, x).toArray()).toEqual(want);
    expect(hvp(cubes, x, vector([1, 0, 2])).hvp.toArray()).toEqual([6, 1, 36]);
    expect(vhp(cubes, x, vector([0, 1, 0])).vhp.toArray()).toEqual(want[1]);
    expect(hvp(cubes, x, vector([1, 0, 0])).output.item()).toBe(38);
  });

  test('a linear one has no second derivatives, a constant no first ones', () => {
    expect(hessian((t) => t.sum(), x).toArray()).toEqual(new Array(3).fill([0, 0, 0]));
    expect(jacobian(() => vector([1, 2]), x).toArray()).toEqual(new Array(2).fill([0, 0, 0]));
    expect(jvp(() => vector([1, 2]), x, x).jvp.toArray()).toEqual([0, 0]);
    expect(jvp((t) => t.mul(2), x, x).jvp.toArray()).toEqual([2, 4, 6]);
  });

  test('leaves the input alone; only createGraph leaves a history', () => {
    const leaf = vector([1, 2, 3]).requiresGrad_();
    const cube = (t: Tensor) => t.pow(3);
    expect(jacobian(cube, leaf).requiresGrad).toBe(false);
    expect(leaf.grad).toBe(null);
    vjp(cube, leaf, vector([1, 1, 1]), { createGraph: true })
      .vjp.sum()
      .backward();
    expect(leaf.grad!.toArray()).toEqual([6, 12, 18]);
    leaf.grad = null;
    jvp(cube, leaf, vector([1, 1, 1]), { createGraph: true })
      .jvp.sum()
      .backward();
    expect(leaf.grad!.toArray()).toEqual([6, 12, 18]);
    leaf.grad = null;
    hessian((t) => t.pow(3).sum(), leaf, { createGraph: true })
      .sum()
      .backward();
    expect(leaf.grad!.toArray()).toEqual([6, 6, 6]);
  });
});

test('a function of several tensors', () => {
  const g = (a: Tensor, b: Tensor) => a.mul(b).sum();
  const inputs = [vector([1, 2]), vector([3, 4])];
  expect(jacobian(g, inputs).map((j) => j.toArray())).toEqual([
    [3, 4],
    [1, 2],
  ]);
  const eye = [
    [1, 0],
    [0, 1],
  ];
  const none = [
    [0, 0],
    [0, 0],
  ];
  expect(hessian(g, inputs).map((row) => row.map((block) => block.toArray()))).toEqual([
    [none, eye],
    [eye, none],
  ]);
  expect(jvp(g, inputs, [vector([1, 0]), vector([0, 1])]).jvp.item()).toBe(5);
  expect(hvp(g, inputs, [vector([1, 0]), vector([0, 1])]).hvp.map((part) => part.toArray())).toEqual([
    [0, 1],
    [1, 0],
  ]);
});

test('errors say what was expected', () => {
  expect(() => hessian(f, x)).toThrow(GradientError);
  expect(() => hessian(f, x)).toThrow('hessian: expected a function that returns a scalar, got shape [2]');
  expect(() => vjp(f, x)).toThrow('vjp: expected v, of the shape of the output, [2]');
  expect(() => jvp(f, x, vector([1]))).toThrow('jvp: expected v of the shape of the inputs, [3], got [1]');
  expect(() => jacobian((() => 3) as never, x)).toThrow('expected a function that returns one tensor, got number');
});
