import { describe, expect, test } from 'vitest';
import { autograd, F, manualSeed, nn, noGrad, optim, rand, randn, type Tensor, tensor } from '../../engine/index.ts';
import { watched } from './watched.ts';

/** ½·Σ kᵢ·wᵢ²: its Hessian is diag(k). */
const quadratic = (w: Tensor, k: readonly number[]) => w.square().mul(tensor(k)).sum().mul(0.5);

function descend(
  options: object,
  steps = 1,
  make: typeof optim.SGD | typeof optim.RMSprop = optim.SGD,
  budget?: number,
) {
  const train = () => {
    const w = tensor([1, 1, 1], { requiresGrad: true });
    const optimizer = new make([w], options);
    for (let step = 0; step < steps; step++) {
      optimizer.zeroGrad();
      quadratic(w, [1, 7, -20]).backward();
      optimizer.step();
    }
  };
  return watched(train, { budget }).all('curvature');
}

test('where nothing may be spent on measuring, it is not measured', () => {
  expect(descend({ lr: 0.1 }, 3)).toHaveLength(1);
  expect(descend({ lr: 0.1 }, 3, optim.SGD, 0)).toEqual([]);
});

describe('λ and its bound', () => {
  test.each([
    [{ lr: 0.1 }, 2],
    [{ lr: 0.1, momentum: 0.9 }, 3.8],
    [{ lr: 0.1, momentum: 0.9, dampening: 0.9 }, 38],
    [{ lr: 0.1, momentum: 0.9, nesterov: true }, 3.8 / 2.8],
  ])('a quadratic under SGD %o: at %d it begins to grow', (options, bound) => {
    const [frame] = descend(options);
    expect(frame).toMatchObject({ step: 0, learningRate: 0.1, problem: null, preconditioned: false });
    expect(frame.eigenvalue).toBeCloseTo(7, 4);
    expect(frame.bound).toBeCloseTo(bound, 10);
    // Just below the bound a quadratic shrinks, just above it grows: the formula is what the optimizer does.
    const end = (share: number) => {
      const w = tensor([1], { requiresGrad: true, dtype: 'float64' });
      const optimizer = new optim.SGD([w], { ...options, lr: (share * bound) / 7 });
      for (let step = 0; step < 2000; step++) {
        optimizer.zeroGrad();
        w.square().mul(3.5).sum().backward();
        optimizer.step();
      }
      return Math.abs(w.item());
    };
    expect(end(0.98)).toBeLessThan(1e-3);
    expect(end(1.02)).toBeGreaterThan(1e3);
  });

  test('weight decay bends the loss, and several rates are one scale', () => {
    expect(descend({ lr: 0.1, weightDecay: 3 })[0].eigenvalue).toBeCloseTo(10, 4);
    const [frame] = watched(() => {
      const [a, b] = [tensor([1], { requiresGrad: true }), tensor([1], { requiresGrad: true })];
      const optimizer = new optim.SGD([{ params: [a], lr: 0.1 }, { params: [b] }], { lr: 0.5 });
      a.square().mul(4).add(b.square()).sum().backward();
      optimizer.step();
    }).all('curvature');
    // 0.1·8 against 0.5·2
    expect(frame.eigenvalue * frame.learningRate).toBeCloseTo(1, 5);
  });

  test('an adaptive optimizer is measured once it has adapted, in its own units', () => {
    const frames = descend({ lr: 1e-6, alpha: 0 }, 10, optim.RMSprop);
    expect(frames[0]).toMatchObject({ step: 5, preconditioned: true, bound: 2 });
    // P is |g| = |k·w|: 1/1, 7/7 and −20/20
    expect(frames[0].eigenvalue).toBeCloseTo(1, 3);
  });
});

/** Everything that a second pass could disturb: dropout, batch statistics, random data, tied weights, views, no gradient. */
function training(): number[] {
  manualSeed(5);
  class Net extends nn.Module {
    a = new nn.Linear(6, 8);
    norm = new nn.BatchNorm1d(8);
    drop = new nn.Dropout(0.3);
    b = new nn.Linear(8, 8);
    unused = new nn.Linear(2, 2);
    override forward(x: Tensor): Tensor {
      const h = this.drop(F.gelu(this.norm(this.a(x))));
      return this.b(h.slice(1, 0, 8))
        .matmul(this.a.weight)
        .tanh();
    }
  }
  const model = new Net();
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.2, momentum: 0.9 });
  const seen: number[] = [];
  for (let step = 0; step < 40; step++) {
    optimizer.zeroGrad();
    const x = randn([16, 6]);
    const loss = model(x)
      .sub(rand([16, 6]))
      .square()
      .mean();
    loss.backward();
    seen.push(loss.item());
    optimizer.step();
  }
  const state = [...model.parameters(), ...model.buffers(), randn([4])];
  return [...seen, ...state.flatMap((t) => [...t.detach().reshape([-1]).toArray()].flat())] as number[];
}

test('training is the same to the last bit, with and without it', () => {
  const plain = training();
  const { result, all } = watched(training);
  expect(all('curvature').length).toBeGreaterThan(0);
  expect(all('curvature')[0].problem).toBeNull();
  expect(result).toEqual(plain);
});

test('what is held of the tape is let go of again', () => {
  watched(() => {
    const w = tensor([1, 2], { requiresGrad: true });
    const optimizer = new optim.SGD([w], { lr: 0.1 });
    const loss = w.sigmoid().mul(w).sum();
    const before = w.storage.held;
    loss.backward({ retainGraph: true });
    expect(w.storage.held).toBe(before);
    loss.backward();
    expect(w.storage.held).toBe(0);
    optimizer.step();
  });
});

describe('what can’t be had', () => {
  /** A loss that never falls puts the rate under suspicion. */
  function stuck(lossOf: (w: Tensor) => Tensor, optimizerOf = (w: Tensor): object => new optim.SGD([w], { lr: 1e-9 })) {
    return watched(() => {
      const w = tensor([1, 2], { requiresGrad: true });
      const optimizer = optimizerOf(w) as optim.SGD;
      for (let step = 0; step < 40; step++) {
        optimizer.zeroGrad();
        lossOf(w).backward();
        optimizer.step();
      }
    }).all('curvature');
  }

  class Twice extends autograd.Function {
    static calls = 0;
    static override forward(_context: autograd.FunctionContext, x: Tensor): Tensor {
      return x.mul(2);
    }
    static override backward(_context: autograd.FunctionContext, gradient: Tensor): Tensor {
      Twice.calls++;
      return gradient.mul(2);
    }
  }

  test('a backward of the user’s own isn’t called once more', () => {
    const frames = stuck((w) => Twice.apply(w).square().sum());
    expect(frames.map(({ problem }) => problem)).toEqual([expect.stringContaining('a backward of its own')]);
    expect(Twice.calls).toBe(40);
  });

  test('nor is a hook', () => {
    let calls = 0;
    const frames = stuck((w) => {
      const h = w.square();
      h.registerHook(() => {
        calls++;
      });
      return h.sum();
    });
    expect(frames.map(({ problem }) => problem)).toEqual([expect.stringContaining('a hook')]);
    expect(calls).toBe(40);
  });

  test('several backward passes in a step', () => {
    const frames = watched(() => {
      const w = tensor([1, 2], { requiresGrad: true });
      const optimizer = new optim.SGD([w], { lr: 1e-9 });
      for (let step = 0; step < 40; step++) {
        optimizer.zeroGrad();
        for (let part = 0; part < 2; part++) w.square().sum().backward();
        optimizer.step();
      }
    }).all('curvature');
    expect(frames.map(({ problem }) => problem)).toEqual(['a step has several backward passes']);
  });

  test('an optimizer without a known bound', () => {
    const frames = stuck(
      (w) => w.square().sum(),
      (w) => new optim.Adadelta([w], { lr: 1e-9 }),
    );
    expect(frames.map(({ problem }) => problem)).toEqual(['no bound is known for Adadelta']);
  });

  test('a tensor that was changed in place meanwhile says so, and training goes on to its own error', () => {
    expect(() =>
      watched(() => {
        const w = tensor([1, 2], { requiresGrad: true });
        new optim.SGD([w], { lr: 0.1 });
        const loss = w.square().sum();
        noGrad(() => w.mul_(2));
        loss.backward();
      }),
    ).toThrow(/changed in place/);
  });
});

test('two optimizers that take turns have no loss of their own', () => {
  const frames = watched(() => {
    const [a, b] = [tensor([1], { requiresGrad: true }), tensor([1], { requiresGrad: true })];
    const optimizers = [new optim.SGD([a], { lr: 3 }), new optim.SGD([b], { lr: 3 })];
    for (let step = 0; step < 20; step++) {
      for (const optimizer of optimizers) {
        optimizer.zeroGrad();
        a.mul(b).square().sum().backward();
        optimizer.step();
      }
    }
  }).all('curvature');
  expect(frames).toEqual([]);
});
