import { afterEach, describe, expect, test } from 'vitest';
import { apply } from '../../engine/autograd/apply.ts';
import { grad } from '../../engine/autograd/grad.ts';
import { gradcheck, gradgradcheck } from '../../engine/autograd/gradcheck.ts';
import { type Tensor, tensor } from '../../engine/index.ts';
import type { Operation } from '../../engine/ops/operation.ts';
import type { Sample, SampleInput } from '../../engine/ops/sample.ts';
import { type OperationName, table } from '../../engine/ops/table.ts';

const names = Object.keys(table) as OperationName[];
const operationOf = (name: OperationName) => table[name] as Operation<unknown>;

function materialize({ shape, values, dtype }: SampleInput): Tensor {
  const made = tensor(Float64Array.from(values), { dtype: dtype ?? 'float64' }).reshape(shape);
  return dtype === undefined ? made.requiresGrad_() : made;
}

const applied = (name: OperationName, sample: Sample<unknown>) => ({
  inputs: sample.inputs.map(materialize),
  f: (...inputs: Tensor[]) => apply(name, inputs, sample.attributes as never),
});

/** What is wrong with a rule, over all its samples. */
function faults(name: OperationName): unknown[] {
  return operationOf(name)
    .samples()
    .flatMap((sample): unknown[] => {
      const { inputs, f } = applied(name, sample);
      if (sample.expected === undefined) return gradcheck(f, inputs);
      const [gradient] = grad(f(...inputs).sum(), [inputs[0]]);
      return sample.expected.flatMap((want, i) => {
        const got = gradient!.toFlat()[i];
        return Object.is(got, want) || Math.abs(got - want) < 1e-12 ? [] : [{ element: i, got, want }];
      });
    });
}

describe('every operation', () => {
  test.each(names)('%s has samples', (name) => {
    expect(operationOf(name).samples().length).toBeGreaterThan(0);
  });

  test.each(names.filter((name) => operationOf(name).backward !== null))(
    '%s: its rule agrees with differences',
    (name) => {
      expect(faults(name)).toEqual([]);
    },
  );

  test.each(names.filter((name) => operationOf(name).backward !== null))('%s: so does the rule of its rule', (name) => {
    for (const sample of operationOf(name).samples()) {
      const { inputs, f } = applied(name, sample);
      if (sample.expected === undefined) expect(gradgradcheck(f, inputs)).toEqual([]);
    }
  });

  test.each(names.filter((name) => operationOf(name).backward === null))('%s has no gradient', (name) => {
    for (const sample of operationOf(name).samples()) {
      const { inputs, f } = applied(name, sample);
      expect(f(...inputs).requiresGrad).toBe(false);
    }
  });

  // float32 in, float32 out; and a strided input gives what its contiguous copy gives.
  test.each(names)('%s reads strided memory', (name) => {
    for (const sample of operationOf(name).samples()) {
      const { inputs, f } = applied(name, sample);
      const strided = inputs.map((x) => {
        const t = x.detach();
        return t.shape.length < 2 ? t : t.transpose(0, 1).clone().transpose(0, 1);
      });
      if (name === 'reshape' || name === 'window') continue; // these show memory as it lies
      expect(f(...strided).toArray()).toEqual(f(...inputs.map((x) => x.detach())).toArray());
    }
  });
});

describe('the check itself', () => {
  const mutable = table as Record<string, Operation<unknown>>;
  const original = { ...mutable };
  afterEach(() => {
    Object.assign(mutable, original);
  });

  test.each(['tanh', 'mul', 'conv2dWeight', 'sum', 'gather', 'standardize'] as const)(
    'notices a wrong sign in %s',
    (name) => {
      const rule = original[name].backward!;
      mutable[name] = {
        ...original[name],
        backward: (g, context) => rule(g, context).map((part) => part?.neg() ?? null),
      };
      expect(faults(name).length).toBeGreaterThan(0);
    },
  );

  test('notices a wrong subgradient at a kink', () => {
    mutable.relu = { ...original.relu, backward: (g, { saved }) => [g.mul(saved(0).ge(0).to(g.dtype))] };
    expect(faults('relu').length).toBeGreaterThan(0);
  });

  test('notices a gradient that is missing', () => {
    mutable.matmul = { ...original.matmul, backward: (g, { saved }) => [g.matmul(saved(1).transpose(-2, -1)), null] };
    expect(faults('matmul').length).toBeGreaterThan(0);
  });
});
