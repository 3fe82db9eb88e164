import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installKernels } from '../../engine/host/kernels.ts';
import * as g from '../../engine/index.ts';
import { type Kernels, kernels, useKernels } from '../../engine/kernels/kernels.ts';
import { memory, useMemory } from '../../engine/kernels/memory.ts';
import type { Heap } from '../../engine/kernels/wasm/heap.ts';

// What is given back becomes NaN here, so whoever still reads it is found out.
const before: [Kernels, typeof memory] = [kernels, memory];
let heap: Heap;
beforeAll(() => {
  ({ heap } = installKernels(undefined, { poison: true })!);
});
afterAll(() => {
  useKernels(before[0]);
  useMemory(before[1]);
});

/** One step; a seed for the same input each time. */
function step(model: (x: g.Tensor) => g.Tensor): g.Tensor {
  g.manualSeed(1);
  const output = model(g.randn([16, 32]));
  output.square().mean().backward();
  return output;
}

const finite = (tensor: g.Tensor): boolean => tensor.isfinite().all().item() !== 0;
const layers = () => [new g.nn.Linear(32, 32), new g.nn.ReLU(), new g.nn.Linear(32, 32), new g.nn.Tanh()];

describe('what lies between layers', () => {
  test('comes back with the backward pass', () => {
    const model = new g.nn.Sequential(...layers());
    step(model);
    const used = heap.used;
    for (let i = 0; i < 10; i++) step(model);
    // the batch, the output, and the losses, of every step; not the three tensors in between
    expect((heap.used - used) / 10).toBeLessThan(5 * 16 * 32 * 4);
  });

  test('comes back of a loss as well, but for what it returns', () => {
    const model = new g.nn.Linear(32, 32);
    const target = g.ones([16, 32]);
    const losses = (reduction: 'mean' | 'none') => {
      const loss = g.F.binaryCrossEntropyWithLogits(model(g.randn([16, 32])), target, { reduction });
      (reduction === 'none' ? loss.sum() : loss).backward();
      return loss;
    };
    losses('mean');
    const used = heap.used;
    for (let i = 0; i < 10; i++) losses('mean');
    // the batch and the output
    expect((heap.used - used) / 10).toBe(2 * 16 * 32 * 4);
    expect(finite(losses('none'))).toBe(true);
  });

  test('stays if a hook has seen it', () => {
    const model = new g.nn.Sequential(...layers());
    const seen: unknown[] = [];
    model.at(1)!.registerForwardHook((_, inputs, output) => void seen.push(...inputs, output));
    model.at(2)!.registerForwardPreHook((_, inputs) => void seen.push(...inputs));
    step(model);
    expect(seen).toHaveLength(3);
    expect(seen.every((tensor) => finite(tensor as g.Tensor))).toBe(true);
  });

  test('stays if it went through a module of the user’s, a subclass, or a forward put in place of ours', () => {
    const kept: g.Tensor[] = [];
    const keep = (x: g.Tensor): g.Tensor => {
      kept.push(x, x.mul(2));
      return kept[kept.length - 1].add(x);
    };
    class Mine extends g.nn.Module<[g.Tensor], g.Tensor> {
      override forward(x: g.Tensor): g.Tensor {
        return keep(x);
      }
    }
    class Keeping extends g.nn.ReLU {
      override forward(x: g.Tensor): g.Tensor {
        return keep(super.forward(x));
      }
    }
    const patched = new g.nn.Linear(32, 32);
    const ours = patched.forward;
    patched.forward = (x) => keep(ours.call(patched, x));
    class Weighted extends g.nn.Linear {
      override forward = (x: g.Tensor): g.Tensor => keep(x);
    }
    for (const layer of [new Mine(), new Keeping(), patched, new Weighted(32, 32)]) {
      step(new g.nn.Sequential(new g.nn.Residual(...layers(), layer), new g.nn.ReLU(), ...layers()));
    }
    expect(kept).toHaveLength(8);
    expect(kept.every(finite)).toBe(true);
  });

  test('stays if a function of the user’s own has it', () => {
    const kept: g.Tensor[] = [];
    class Double extends g.autograd.Function {
      static override forward(context: g.autograd.FunctionContext, x: g.Tensor): g.Tensor {
        kept.push(x, x.mul(2));
        context.saveForBackward(x);
        return kept[1];
      }
      static override backward(_: g.autograd.FunctionContext, gradient: g.Tensor): g.Tensor {
        kept.push(gradient);
        return gradient.mul(2);
      }
    }
    class Doubling extends g.nn.Module<[g.Tensor], g.Tensor> {
      override forward(x: g.Tensor): g.Tensor {
        return Double.apply(x);
      }
    }
    step(new g.nn.Sequential(...layers(), new Doubling(), ...layers()));
    expect(kept).toHaveLength(3);
    expect(kept.every(finite)).toBe(true);
  });

  test('outputs stay, be they views, in lists, or handed on unchanged', () => {
    g.manualSeed(2);
    const lstm = new g.nn.LSTM(32, 16, { batchFirst: true });
    const [output, [h, c]] = lstm(g.randn([4, 5, 32]));
    const flat = new g.nn.Sequential(...layers(), new g.nn.Identity(), new g.nn.Flatten(), new g.nn.Dropout(0));
    const same = step(flat);
    output.sum().add(h.sum()).backward();
    for (const tensor of [output, h, c, same]) expect(finite(tensor)).toBe(true);
  });

  test('stays as long as a graph needs it', () => {
    const model = new g.nn.Sequential(...layers());
    const x = g.randn([16, 32]);
    const output = model(x);
    const [first, second] = [output.square().mean(), output.abs().mean()];
    first.backward(undefined, { retainGraph: true });
    const once = model.parameters().map((p) => p.grad!.clone());
    model.zeroGrad();
    first.backward(undefined, { retainGraph: true });
    for (const [i, p] of model.parameters().entries()) expect(p.grad!.equal(once[i])).toBe(true);
    second.backward();
    expect(model.parameters().every((p) => finite(p.grad!))).toBe(true);
  });

  test('a second derivative through it is right', () => {
    const model = new g.nn.Sequential(...layers());
    const x = g.randn([4, 32], { requiresGrad: true });
    const [slope] = g.autograd.grad(model(x).square().sum(), x, { createGraph: true });
    slope!.square().sum().backward();
    expect(model.parameters().every((p) => finite(p.grad!))).toBe(true);
    expect(finite(x.grad!) && finite(slope!)).toBe(true);
  });
});

test('a Sequential sees at once that its modules have changed', () => {
  const model = new g.nn.Sequential(new g.nn.Identity(), new g.nn.Identity());
  const x = g.tensor([-1, 2]);
  expect(model(x).toArray()).toEqual([-1, 2]);
  Reflect.set(model, 1, new g.nn.ReLU());
  expect(model(x).toArray()).toEqual([0, 2]);
  model.append(new g.nn.Threshold(3, 7));
  expect(model(x).toArray()).toEqual([7, 7]);
  Reflect.deleteProperty(model, 2);
  expect(model(x).toArray()).toEqual([0, 2]);
});

test('a pass within a pass, over the same nodes and leaves', () => {
  const w = g.tensor([2], { requiresGrad: true });
  const shared = w.mul(3);
  const a = shared.square();
  const inner: number[] = [];
  a.registerHook(() => {
    const [d] = g.autograd.grad(
      g.enableGrad(() => shared.mul(5).sum()),
      w,
      { retainGraph: true },
    );
    inner.push(d!.item());
    return undefined;
  });
  a.add(shared).add(w).sum().backward();
  // d(9w² + 3w + w)/dw = 18w + 4
  expect(w.grad!.item()).toBe(40);
  expect(inner).toEqual([15]);
});
