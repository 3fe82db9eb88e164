// What must hold for any shapes and values, tried on many.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grad, noGrad, type Tensor, tensor, zeros } from '../../engine/index.ts';

const number = fc.double({ min: -2, max: 2, noNaN: true });
const shapes = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 });

const filled = (shape: readonly number[]): fc.Arbitrary<Tensor> => {
  const size = shape.reduce((a, b) => a * b, 1);
  return fc
    .array(number, { minLength: size, maxLength: size })
    .map((values) => tensor(Float64Array.from(values), { dtype: 'float64' }).reshape(shape));
};

const several = (count: number): fc.Arbitrary<Tensor[]> =>
  shapes.chain((shape) => fc.tuple(...Array.from({ length: count }, () => filled(shape))));

/** Smooth functions from a tensor to one of the same shape, made of random steps. */
const steps: readonly ((x: Tensor) => Tensor)[] = [
  (x) => x.tanh(),
  (x) => x.mul(x),
  (x) => x.sin().add(1),
  (x) => x.sigmoid().mul(2),
  (x) => x.sub(x.mean()),
  (x) => x.softplus(),
  (x) => x.mul(x.exp().sum().log()),
  (x) => x.reshape([-1]).cumsum(0).reshape(x.shape),
];
const functions = fc
  .array(fc.integer({ min: 0, max: steps.length - 1 }), { minLength: 1, maxLength: 4 })
  .map((picks) => (x: Tensor) => picks.reduce((y, i) => steps[i](y), x));

const leaf = (x: Tensor): Tensor => x.detach().clone().requiresGrad_();
function vjp(f: (x: Tensor) => Tensor, x: Tensor, u: Tensor): Tensor {
  const input = leaf(x);
  return grad(f(input), [input], { gradOutputs: u })[0]!;
}

function expectClose(got: Tensor, want: Tensor): void {
  expect(got.shape).toEqual(want.shape);
  const scale = Math.max(1, want.abs().max().item());
  expect(got.sub(want).abs().max().item() / scale).toBeLessThan(1e-9);
}

describe('backward', () => {
  test('is linear in the gradient it starts from', () => {
    fc.assert(
      fc.property(functions, several(3), number, number, (f, [x, u, v], a, b) => {
        const together = vjp(f, x, u.mul(a).add(v.mul(b)));
        expectClose(
          together,
          vjp(f, x, u)
            .mul(a)
            .add(vjp(f, x, v).mul(b)),
        );
      }),
    );
  });

  test('is the transpose of the forward derivative: u·(Jv) = (Jᵀu)·v, with Jv by double backward', () => {
    fc.assert(
      fc.property(functions, several(3), (f, [x, u, v]) => {
        const input = leaf(x);
        const dummy = zeros(x.shape, { dtype: 'float64', requiresGrad: true });
        // Jᵀw is linear in w, and its transpose is J.
        const [transposed] = grad(f(input), [input], { gradOutputs: dummy, createGraph: true });
        const [jv] = grad(transposed!, [dummy], { gradOutputs: v, allowUnused: true });
        const forward = jv === null ? zeros(x.shape, { dtype: 'float64' }) : jv;
        const [left, right] = [forward.mul(u).sum(), vjp(f, x, u).mul(v).sum()];
        expectClose(left, right);
      }),
    );
  });

  test('sums a gradient over what was broadcast', () => {
    const broadcast = fc
      .tuple(shapes, fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }))
      .chain(([shape, ones]) =>
        fc.tuple(fc.constant(shape), filled(shape.map((n, d) => (ones[d] ? 1 : n))), filled(shape)),
      );
    fc.assert(
      fc.property(broadcast, ([shape, small, u]) => {
        const input = leaf(small);
        const [got] = grad(input.expand(shape), [input], { gradOutputs: u });
        const copied = leaf(small);
        const explicit = copied.add(zeros(shape, { dtype: 'float64' }));
        const [want] = grad(explicit, [copied], { gradOutputs: u });
        expectClose(got!, want!);
        expectClose(got!.sum(), u.sum());
      }),
    );
  });
});

/** A random view, as a function of its base. */
const views: readonly ((x: Tensor) => Tensor)[] = [
  (x) => x.reshape([-1]),
  (x) => x.unsqueeze(0),
  (x) => (x.shape.length > 0 ? x.select(0, 0) : x.reshape([1])),
  (x) => (x.shape.length > 0 ? x.slice(-1, 0, 1) : x.reshape([1])),
  (x) => x.permute([...x.shape.keys()].reverse()),
  (x) => (x.shape.length > 1 ? x.diagonal({ dim1: 0, dim2: 1 }) : x.unsqueeze(-1)),
];
const viewing = fc
  .array(fc.integer({ min: 0, max: views.length - 1 }), { minLength: 1, maxLength: 3 })
  .map((picks) => (x: Tensor) => picks.reduce((y, i) => views[i](y), x));

describe('views', () => {
  test('show the memory of their base, both ways', () => {
    fc.assert(
      fc.property(viewing, several(1), (look, [base]) => {
        const view = look(base);
        if (view.storage !== base.storage) return; // a reshape that had to copy
        const before = view.toFlat();
        base.add_(1);
        expect([...view.toFlat()]).toEqual([...before].map((v) => v + 1));
        view.fill_(7);
        expect([...look(base).toFlat()]).toEqual([...before].map(() => 7));
      }),
    );
  });

  test('a change in place through a view has the gradient of its copying counterpart', () => {
    fc.assert(
      fc.property(viewing, several(1), number, (look, [x], factor) => {
        const changed = (input: Tensor): Tensor => {
          const y = input.mul(1);
          const view = look(y);
          if (view.storage === y.storage) view.mul_(factor);
          return y;
        };
        const input = leaf(x);
        const [got] = grad(changed(input).square().sum(), [input]);
        // What the view shows is multiplied, the rest stays.
        const factors = noGrad(() => {
          const ones = tensor(new Float64Array(x.numel()).fill(1), { dtype: 'float64' }).reshape(x.shape);
          const view = look(ones);
          if (view.storage === ones.storage) view.mul_(factor);
          return ones;
        });
        expectClose(got!, x.mul(2).mul(factors).mul(factors));
      }),
    );
  });
});

describe('in-place changes', () => {
  test('count up a version, and backward notices one that it can’t live with', () => {
    fc.assert(
      fc.property(several(1), fc.constantFrom('add_' as const, 'mul_' as const, 'sub_' as const), ([x], name) => {
        const input = leaf(x);
        const y = input.mul(2);
        const before = y.storage.version;
        const needsY = y.square().sum();
        y[name](1.5);
        expect(y.storage.version).toBe(before + 1);
        expect(() => needsY.backward()).toThrow('changed in place');
        // The changed tensor itself has a right history.
        const [g] = grad(y.sum(), [input]);
        expectClose(g!, x.mul(0).add(name === 'mul_' ? 3 : 2));
      }),
    );
  });

  test('leave alone what backward doesn’t need', () => {
    fc.assert(
      fc.property(several(1), ([x]) => {
        const input = leaf(x);
        const y = input.mul(2);
        const sum = y.add(1).sum();
        y.mul_(3);
        sum.backward();
        expectClose(input.grad!, x.mul(0).add(2));
      }),
    );
  });
});
