import { afterEach, describe, expect, test } from 'vitest';
import { type Observer, observe } from '../../engine/autograd/observer.ts';
import { autograd, GradientError, grad, nn, noGrad, type Tensor, tensor, zeros } from '../../engine/index.ts';

const leaf = (values: number[]) => tensor(values, { requiresGrad: true });
const gradOf = (t: Tensor) => t.grad?.toArray();

describe('backward', () => {
  test('the first one: d(w·x − 10)²/dw = −24', () => {
    const w = leaf([2]);
    w.mul(tensor([3]))
      .sub(10)
      .pow(2)
      .backward();
    expect(w.grad!.item()).toBe(-24);
  });

  test('accumulates, over paths and over calls', () => {
    const x = leaf([3]);
    x.mul(x).add(x).backward(); // 2x + 1
    expect(gradOf(x)).toEqual([7]);
    x.mul(2).backward();
    expect(gradOf(x)).toEqual([9]);
    x.grad = null;
    x.backward();
    expect(gradOf(x)).toEqual([1]);
  });

  test('sums over what was broadcast', () => {
    const [row, scalar] = [leaf([1, 2, 3]), tensor(2, { requiresGrad: true })];
    zeros([4, 3]).add(row).mul(scalar).sum().backward();
    expect(gradOf(row)).toEqual([8, 8, 8]);
    expect(scalar.grad!.shape).toEqual([]);
    expect(scalar.grad!.item()).toBe(24);
  });

  test('leaves of one gradient do not share memory', () => {
    const [a, b] = [leaf([1]), leaf([2])];
    a.add(b).backward();
    a.grad!.zero_();
    expect(gradOf(b)).toEqual([1]);
  });

  test('a chain of 50,000 operations is no recursion', () => {
    const x = leaf([1]);
    let y: Tensor = x;
    for (let i = 0; i < 50_000; i++) y = y.add(1);
    y.backward();
    expect(gradOf(x)).toEqual([1]);
  });

  test('retainGrad and hooks', () => {
    const x = leaf([2]);
    const y = x.mul(3);
    y.retainGrad();
    const seen: number[] = [];
    const remove = x.registerHook((g) => {
      seen.push(g.item());
      return g.mul(10);
    });
    y.square().backward(undefined, { retainGraph: true });
    expect([gradOf(y), seen, gradOf(x)]).toEqual([[12], [36], [360]]);
    remove();
    y.sum().backward();
    expect(gradOf(x)).toEqual([363]);
  });

  test('grad() leaves .grad alone and reaches inside', () => {
    const x = leaf([2]);
    const y = x.mul(3);
    const [dy, dx] = grad(y.square().sum(), [y, x]);
    expect([dy!.item(), dx!.item(), x.grad]).toEqual([12, 36, null]);
    expect(() => grad(x.mul(2).sum(), [leaf([1])])).toThrow("doesn't depend on input 0");
  });

  test('createGraph: x⁴ four times', () => {
    const x = tensor(2, { requiresGrad: true, dtype: 'float64' });
    let y: Tensor = x.pow(4);
    const derivatives = [32, 48, 48, 24];
    for (const want of derivatives) {
      y = grad(y, [x], { createGraph: true })[0]!;
      expect(y.item()).toBeCloseTo(want, 9);
    }
  });
});

describe('errors', () => {
  test('no scalar, no history, wrong gradient', () => {
    const x = leaf([1, 2]);
    expect(() => x.mul(2).backward()).toThrow('expected a scalar, got shape [2]');
    expect(() => x.mul(2).backward(tensor([1]))).toThrow('the gradient has shape [1]');
    expect(() => noGrad(() => x.sum()).backward()).toThrow('requires no gradient and has no history');
    expect(() => tensor([1], { dtype: 'int32', requiresGrad: true })).toThrow(
      'only float32 and float64 have gradients',
    );
  });

  test('a second backward', () => {
    const x = leaf([1]);
    const y = x.square();
    y.backward(undefined, { retainGraph: true });
    y.backward();
    expect(gradOf(x)).toEqual([4]);
    expect(() => y.backward()).toThrow('Pass { retainGraph: true } to the earlier one');
  });

  test('a saved value that was changed in place, named with its operation', () => {
    const x = leaf([1, 2]);
    const y = x.exp();
    noGrad(() => y.mul_(2));
    expect(() => y.sum().backward()).toThrow(
      /a tensor that exp needs .* was changed in place .* version 1, expected 0/,
    );
    const a = leaf([1]);
    const b = tensor([3]);
    const product = a.mul(b);
    b.add_(1);
    expect(() => product.backward()).toThrow(GradientError);
  });

  test('changing what no rule needs is fine', () => {
    const x = leaf([1, 2]);
    const b = tensor([1, 1]);
    const y = x.add(b);
    b.zero_();
    y.sum().backward();
    expect(gradOf(x)).toEqual([1, 1]);
    const scaled = x.mul(2);
    noGrad(() => x.add_(5)); // only the 2 is needed: x needs it, the number doesn't
    scaled.sum().backward();
    expect(gradOf(x)).toEqual([3, 3]);
  });
});

describe('in place', () => {
  test('a leaf only under noGrad', () => {
    const w = leaf([1]);
    expect(() => w.sub_(1)).toThrow('Wrap the update in noGrad');
    noGrad(() => w.sub_(1));
    expect([w.item(), w.isLeaf, w.requiresGrad]).toEqual([0, true, true]);
  });

  test('takes over the history, and earlier readers keep theirs', () => {
    const x = leaf([2]);
    const y = x.mul(1);
    const before = y.add(10);
    y.mul_(5);
    before.add(y).backward(); // (x + 10) + 5x
    expect(gradOf(x)).toEqual([6]);
  });

  test('fill ends a history; copy_ brings one', () => {
    const x = leaf([2]);
    const y = x.mul(3);
    y.zero_();
    expect(y.requiresGrad).toBe(false);
    const buffer = zeros([1]);
    buffer.copy_(x);
    buffer.square().backward();
    expect(gradOf(x)).toEqual([4]);
  });

  test('of a view: the base’s history contains it', () => {
    const x = leaf([1, 2, 3]);
    const y = x.mul(1);
    y.slice(0, 1, 3).mul_(tensor([10, 100]));
    y.sum().backward();
    expect([y.toArray(), gradOf(x)]).toEqual([
      [1, 20, 300],
      [1, 10, 100],
    ]);
    const steps = zeros([2, 3]); // a buffer filled step by step, columns of a transposed view
    steps
      .t()
      .select(0, 1)
      .copy_(x.slice(0, 0, 2));
    const row = steps.select(0, 1);
    row.add_(x);
    row.square().sum().add(steps.sum()).backward(); // row = [x₁, x₁ + x₀.., …]
    expect(steps.toArray()).toEqual([
      [0, 1, 0],
      [1, 4, 3],
    ]);
    // d/dx of (x₀)² + (x₁ + x₁)² + x₂² + (x₀) + (x₀ + 2x₁ + x₂), on top of the first gradient
    expect(gradOf(x)).toEqual([1 + 2 + 1 + 1, 10 + 16 + 2, 100 + 6 + 1]);
  });

  test('fill of a part stops that part’s gradient', () => {
    const x = leaf([1, 2]);
    const y = x.mul(3);
    y.select(0, 0).zero_();
    y.sum().backward();
    expect(gradOf(x)).toEqual([0, 3]);
  });

  test('another view with an outdated history is refused, not silently wrong', () => {
    const x = leaf([1, 2]);
    const y = x.mul(1);
    const view = y.slice(0, 0, 1);
    y.mul_(3);
    expect(() => view.add(1)).toThrow('its history is out of date');
    expect(y.slice(0, 0, 1).add(1).item()).toBe(4);
    expect(() => x.slice(0, 0, 1).zero_()).toThrow("a view of such a leaf can't be changed in place");
    expect(() => zeros([1]).expand([3]).add_(1)).toThrow('Change a clone() of it');
  });

  test('a result that does not fit', () => {
    expect(() => zeros([2]).add_(zeros([3, 2]))).toThrow("the result has shape [3, 2] and doesn't fit into [2]");
    expect(() => tensor([1], { dtype: 'int32' }).add_(0.5)).toThrow("can't be kept in int32");
  });
});

describe('a function with a backward of its own', () => {
  class Scale extends autograd.Function {
    static override forward(context: autograd.FunctionContext, x: Tensor, factor: number): Tensor {
      context.saveForBackward(x);
      context.values.factor = factor;
      return x.square().mul(factor);
    }
    static override backward(context: autograd.FunctionContext, gradient: Tensor): (Tensor | null)[] {
      const [x] = context.savedTensors;
      return [gradient.mul(x).mul(2 * (context.values.factor as number)), null];
    }
  }
  class Wrong extends Scale {
    static override backward(_: autograd.FunctionContext, gradient: Tensor): (Tensor | null)[] {
      return [gradient, null];
    }
  }

  test('is on the tape as one operation', () => {
    const x = leaf([1, 2]);
    const y = Scale.apply(x, 3);
    expect([y.node!.operation, y.toArray()]).toEqual(['custom', [3, 12]]);
    y.sum().backward();
    expect(gradOf(x)).toEqual([6, 12]);
    const again = Scale.apply(x, 3);
    noGrad(() => x.add_(1));
    expect(() => again.sum().backward()).toThrow('was changed in place');
  });

  test('is checked like any other', () => {
    const x = tensor([1, -2], { requiresGrad: true, dtype: 'float64' });
    expect(autograd.gradcheck((t) => Scale.apply(t, 3), [x])).toEqual([]);
    expect(autograd.gradgradcheck((t) => Scale.apply(t, 3), [x])).toEqual([]);
    const [first] = autograd.gradcheck((t) => Wrong.apply(t, 3), [x]);
    expect(first).toMatchObject({ input: 0, element: 0 });
    expect(first.numeric / first.analytic).toBeCloseTo(6, 6);
  });
});

describe('the observer', () => {
  afterEach(() => observe(null));

  test('is told everything, in order', () => {
    const told: string[] = [];
    const name = (module: object) => module.constructor.name;
    const observer: Observer = {
      moduleCreated: (m) => told.push(`created ${name(m)}`),
      leafCreated: (t) => told.push(`leaf ${t.shape}`),
      moduleEnter: (m) => told.push(`enter ${name(m)}`),
      moduleExit: (m, output) => told.push(`exit ${name(m)}${output === null ? ' null' : ''}`),
      unrecorded: () => 0,
      operation: (node) => told.push(node.operation),
      backwardBegin: () => told.push('begin'),
      nodeBackward: (node, g, inputs) =>
        told.push(`back ${node.operation} ${g.shape} → ${inputs.map((t) => t?.shape ?? '-').join(' ')}`),
      backwardEnd: (_, leaves) => told.push(`end ${leaves.length}`),
      lossGiven: (loss) => told.push(`loss ${loss}`),
      optimizerCreated: () => told.push('optimizer'),
      updateBegin: () => {
        told.push('update');
        return null;
      },
      updateEnd: () => told.push('updated'),
    };
    observe(observer);
    const model = new nn.Sequential(new nn.Linear(2, 1, { bias: false }), new nn.Tanh());
    model(zeros([3, 2]))
      .sum()
      .backward();
    expect(told).toEqual([
      'created Linear',
      'leaf 1,2',
      'created Tanh',
      'created Sequential',
      'enter Sequential',
      'enter Linear',
      'linear',
      'exit Linear',
      'enter Tanh',
      'tanh',
      'exit Tanh',
      'exit Sequential',
      'sum',
      'begin',
      'back sum  → 3,1',
      'back tanh 3,1 → 3,1',
      'back linear 3,1 → - 1,2',
      'end 1',
    ]);
    told.length = 0;
    expect(() => model(zeros([3, 5]))).toThrow('expected 2 features in the last dimension, got 5');
    expect(told).toEqual(['enter Sequential', 'enter Linear', 'exit Linear null', 'exit Sequential null']);
  });
});
