import { isGradEnabled } from '../autograd/mode.ts';
import { kernels } from '../kernels/kernels.ts';
import { elements } from '../tensor/elements.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Computed, type None, none } from './operation.ts';
import { spread } from './sample.ts';

// One step of a gated recurrence for n sequences, as one operation where formulas in smaller ones would be about fifteen.
// The gradients of all inputs come from one pass as well; only when they are to be differentiated in turn they are formulas.

/** The blocks of a flat result, each row-major and of one of the shapes. */
function blocks(flat: Tensor, ...shapes: (readonly [number, number])[]): Tensor[] {
  let start = 0;
  return shapes.map(([n, width]) => {
    const end = start + n * width;
    const block = flat.slice(0, start, end).reshape([n, width]);
    start = end;
    return block;
  });
}

/** Rows of gates side by side. */
const sideBySide = (gates: readonly Tensor[], apply: Parameters<NonNullable<Computed<None>['backward']>>[1]['apply']) =>
  apply('cat', gates, { dim: 1 });

const slope = (s: Tensor): Tensor => s.mul(s.neg().add(1));
const tanhSlope = (t: Tensor): Tensor => t.square().neg().add(1);

const likeState: Computed<None>['infer'] = (inputs) => {
  const state = inputs[inputs.length - 1];
  return { shape: state.shape, dtype: state.dtype };
};

const flatGradient: Computed<None>['infer'] = ([, ...inputs]) => ({
  shape: [inputs.reduce((size, { shape }) => size + shape[0] * shape[1], 0)],
  dtype: inputs[0].dtype,
});

/** gates [n, 4·h] before their functions (input, forget, cell, output), c [n, h] → σ(f)·c + σ(i)·tanh(g). */
export const lstmMemory: Computed<None> = {
  infer: likeState,
  overwrites: true,
  forward: ([gates, c], _, out, [n, width]) => kernels.lstmMemory(elements(gates), elements(c), out, n, width),
  saves: [0, 1],
  backward(g, { saved, apply }) {
    const [gates, c] = [saved(0), saved(1)];
    if (!isGradEnabled()) {
      const [n, width] = c.shape;
      return blocks(apply('lstmMemoryBackward', [g, gates, c], none), [n, 4 * width], [n, width]);
    }
    const [i, f, cell, o] = gates.chunk(4, 1);
    const [input, forget, squashed] = [i.sigmoid(), f.sigmoid(), cell.tanh()];
    const parts = [
      g.mul(squashed).mul(slope(input)),
      g.mul(c).mul(slope(forget)),
      g.mul(input).mul(tanhSlope(squashed)),
      o.mul(0),
    ];
    return [sideBySide(parts, apply), g.mul(forget)];
  },
  samples: () => [{ inputs: [spread([2, 12]), spread([2, 3], -1, 2)], attributes: none }],
};

/** gates as for `lstmMemory`, c [n, h] after it → σ(o)·tanh(c). */
export const lstmHidden: Computed<None> = {
  infer: likeState,
  overwrites: true,
  forward: ([gates, c], _, out, [n, width]) => kernels.lstmHidden(elements(gates), elements(c), out, n, width),
  saves: [0, 1],
  backward(g, { saved, apply }) {
    const [gates, c] = [saved(0), saved(1)];
    if (!isGradEnabled()) {
      const [n, width] = c.shape;
      return blocks(apply('lstmHiddenBackward', [g, gates, c], none), [n, 4 * width], [n, width]);
    }
    const [i, f, cell, o] = gates.chunk(4, 1);
    const [gate, squashed] = [o.sigmoid(), c.tanh()];
    const forGate = g.mul(squashed).mul(slope(gate));
    return [sideBySide([i.mul(0), f.mul(0), cell.mul(0), forGate], apply), g.mul(gate).mul(tanhSlope(squashed))];
  },
  samples: () => [{ inputs: [spread([2, 12]), spread([2, 3], -1, 2)], attributes: none }],
};

/** x and h [n, 3·h]: input and state through their weights (reset, update, new), before [n, h] → (1 − z)·n + z·before. */
export const gruStep: Computed<None> = {
  infer: likeState,
  overwrites: true,
  forward: ([x, h, before], _, out, [n, width]) =>
    kernels.gruStep(elements(x), elements(h), elements(before), out, n, width),
  saves: [0, 1, 2],
  backward(g, { saved, apply }) {
    const [x, h, before] = [saved(0), saved(1), saved(2)];
    if (!isGradEnabled()) {
      const [n, width] = before.shape;
      const flat = apply('gruStepBackward', [g, x, h, before], none);
      return blocks(flat, [n, 3 * width], [n, 3 * width], [n, width]);
    }
    const [xr, xz, xn] = x.chunk(3, 1);
    const [hr, hz, hn] = h.chunk(3, 1);
    const [reset, update] = [xr.add(hr).sigmoid(), xz.add(hz).sigmoid()];
    const next = xn.add(reset.mul(hn)).tanh();
    const forNext = g.mul(update.neg().add(1)).mul(tanhSlope(next));
    const forReset = forNext.mul(hn).mul(slope(reset));
    const forUpdate = g.mul(before.sub(next)).mul(slope(update));
    return [
      sideBySide([forReset, forUpdate, forNext], apply),
      sideBySide([forReset, forUpdate, forNext.mul(reset)], apply),
      g.mul(update),
    ];
  },
  samples: () => [{ inputs: [spread([2, 9]), spread([2, 9], -1, 1, 1), spread([2, 3], -1, 2)], attributes: none }],
};

// Gradients in one pass, for backward passes that aren't differentiated themselves.
export const lstmMemoryBackward: Computed<None> = {
  infer: flatGradient,
  overwrites: true,
  forward: ([g, gates, c], _, out) =>
    kernels.lstmMemoryBackward(elements(g), elements(gates), elements(c), out, c.shape[0], c.shape[1]),
  saves: [],
  backward: null,
  samples: () => [{ inputs: [spread([2, 3]), ...lstmMemory.samples()[0].inputs], attributes: none }],
};
export const lstmHiddenBackward: Computed<None> = {
  ...lstmMemoryBackward,
  forward: ([g, gates, c], _, out) =>
    kernels.lstmHiddenBackward(elements(g), elements(gates), elements(c), out, c.shape[0], c.shape[1]),
};
export const gruStepBackward: Computed<None> = {
  ...lstmMemoryBackward,
  forward([g, x, h, before], _, out) {
    const [n, width] = before.shape;
    kernels.gruStepBackward(elements(g), elements(x), elements(h), elements(before), out, n, width);
  },
  samples: () => [{ inputs: [spread([2, 3]), ...gruStep.samples()[0].inputs], attributes: none }],
};
