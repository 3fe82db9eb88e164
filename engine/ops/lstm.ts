import { isGradEnabled } from '../autograd/mode.ts';
import { kernels } from '../kernels/kernels.ts';
import type { Sequence } from '../kernels/reference/lstm.ts';
import { allocate, allocateDirty } from '../tensor/allocate.ts';
import { elements, wrap } from '../tensor/elements.ts';
import { ShapeError, showShape } from '../tensor/errors.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Computed, RuleContext } from './operation.ts';
import { type SampleInput, spread } from './sample.ts';

export interface Direction {
  /** From the last step to the first. */
  readonly backwards: boolean;
}

function sequenceOf(x: { readonly shape: readonly number[] }, { backwards }: Direction): Sequence {
  const [steps, n, gates] = x.shape;
  return { steps, n, width: gates / 4, backwards };
}

const slope = (s: Tensor): Tensor => s.mul(s.neg().add(1));
const tanhSlope = (t: Tensor): Tensor => t.square().neg().add(1);

/**
 * A layer of an LSTM over a whole sequence: x [steps, n, 4·width], the inputs through their weights (input, forget, cell, output),
 * weight [4·width, width], h and c [n, width], bias [4·width] or none → [steps + 1, n, width], the outputs and then the last c.
 */
export const lstm: Computed<Direction> = {
  infer([x, weight, h, c, bias]) {
    const [steps, n, gates] = x.shape;
    const fits =
      x.shape.length === 3 &&
      showShape(weight.shape) === showShape([gates, gates / 4]) &&
      (!bias || bias.shape[0] === gates);
    const state = showShape([n, gates / 4]);
    if (!fits || showShape(h.shape) !== state || showShape(c.shape) !== state) {
      throw new ShapeError(
        `lstm: inputs ${showShape(x.shape)}, weight ${showShape(weight.shape)} and states ${showShape(h.shape)} and ` +
          `${showShape(c.shape)} don't fit: expected [steps, n, 4·width], [4·width, width] and [n, width].`,
      );
    }
    return { shape: [steps + 1, n, gates / 4], dtype: x.dtype };
  },
  overwrites: true,
  forward([x, weight, h, c, bias], attributes, out, _, keep) {
    const sequence = sequenceOf(x, attributes);
    const { steps, n, width } = sequence;
    const gates = allocateDirty(x.dtype, sizeOf(x.shape));
    gates.set(elements(x));
    const cells = allocateDirty(x.dtype, steps * n * width);
    const plus = bias === undefined ? null : elements(bias);
    kernels.lstm(gates, elements(weight), plus, elements(h), elements(c), out, cells, sequence);
    if (bias !== undefined) keep(bias);
    keep(wrap(gates, x.dtype, x.shape));
    keep(wrap(cells, x.dtype, [steps, n, width]));
  },
  saves: [0, 1, 2, 3, 'output'],
  backward: (g, context) => (isGradEnabled() ? formulas(g, context) : gradients(g, context)),
  samples() {
    const inputs: SampleInput[] = [
      spread([3, 2, 12], -1, 1),
      spread([12, 3], -1, 1, 1),
      spread([2, 3]),
      spread([2, 3]),
    ];
    return [
      { inputs, attributes: { backwards: false } },
      { inputs: [...inputs, spread([12], -1, 1, 2)], attributes: { backwards: true } },
    ];
  },
};

/** The states before the steps, but for the first one, lie in `out` in the order of the steps. */
const earlier = (steps: number, backwards: boolean) =>
  backwards ? { own: 0, before: 1, first: steps - 1 } : { own: 1, before: 0, first: 0 };

/** In one pass back through the steps, and one product for the weight. */
function gradients(g: Tensor, context: RuleContext<Direction>): (Tensor | null)[] {
  const { attributes, inputs, needs, saved, savedCount } = context;
  const [weight, h, c, out, gates, cells] = [1, 2, 3, 4, savedCount - 2, savedCount - 1].map(saved);
  const sequence = sequenceOf(inputs[0], attributes);
  const { steps, n, width, backwards } = sequence;
  const state = n * width;
  const { dtype } = g;
  const dGates = allocateDirty(dtype, 4 * steps * state);
  const [dh, dc] = [allocate(dtype, state), allocateDirty(dtype, state)];
  const from = elements(g);
  dc.set(from.subarray(steps * state));
  const [z, w, memory] = [elements(gates), elements(weight), elements(cells)];
  kernels.lstmBackward(from, z, w, elements(c), memory, dGates, dh, dc, sequence);
  let dWeight: Tensor | null = null;
  if (needs[1]) {
    // Σ over steps of dGatesᵀ · the state before
    const dw = allocateDirty(dtype, 4 * width * width);
    const { own, before, first } = earlier(steps, backwards);
    const turned = (step: number) => ({ data: dGates, start: 4 * step * state, rowStride: 1, columnStride: 4 * width });
    const states = (data: typeof from, step: number) => ({
      data,
      start: step * state,
      rowStride: width,
      columnStride: 1,
    });
    kernels.matmul(turned(first), states(elements(h), 0), dw, 0, 4 * width, n, width, false);
    const rest = (steps - 1) * n;
    if (rest > 0) kernels.matmul(turned(own), states(elements(out), before), dw, 0, 4 * width, rest, width, true);
    dWeight = wrap(dw, dtype, weight.shape);
  }
  const dx = wrap(dGates, dtype, inputs[0].shape);
  return [
    dx,
    dWeight,
    needs[2] ? wrap(dh, dtype, h.shape) : null,
    needs[3] ? wrap(dc, dtype, c.shape) : null,
    ...(inputs.length > 4 ? [needs[4] ? dx.sum([0, 1]) : null] : []),
  ];
}

/** The same, step by step in operations that can be differentiated. */
function formulas(g: Tensor, { attributes, inputs, saved, apply }: RuleContext<Direction>): (Tensor | null)[] {
  const [x, weight, h0, c0] = [0, 1, 2, 3].map(saved);
  const bias = inputs.length > 4 ? saved(5) : null;
  const { steps, backwards } = sequenceOf(inputs[0], attributes);
  const order = Array.from({ length: steps }, (_, s) => (backwards ? steps - 1 - s : s));
  const past: { h: Tensor; c: Tensor; gates: readonly Tensor[]; memory: Tensor }[] = [];
  let [h, c] = [h0, c0];
  for (const t of order) {
    const z = x.select(0, t).add(h.matmul(weight.t()));
    const [i, f, next, o] = (bias === null ? z : z.add(bias)).chunk(4, 1);
    const gates = [i.sigmoid(), f.sigmoid(), next.tanh(), o.sigmoid()];
    const memory = gates[1].mul(c).add(gates[0].mul(gates[2]));
    past.push({ h, c, gates, memory });
    [h, c] = [gates[3].mul(memory.tanh()), memory];
  }
  const dGates = new Array<Tensor>(steps);
  let dh = h0.mul(0);
  let dc = g.select(0, steps);
  let dWeight = weight.mul(0);
  for (const [s, t] of [...order.entries()].reverse()) {
    const { h: before, c: earlierMemory, gates, memory } = past[s];
    const [input, forget, next, output] = gates;
    const squashed = memory.tanh();
    const incoming = g.select(0, t).add(dh);
    const inner = dc.add(incoming.mul(output).mul(tanhSlope(squashed)));
    const parts = [
      inner.mul(next).mul(slope(input)),
      inner.mul(earlierMemory).mul(slope(forget)),
      inner.mul(input).mul(tanhSlope(next)),
      incoming.mul(squashed).mul(slope(output)),
    ];
    dGates[t] = apply('cat', parts, { dim: 1 });
    dh = dGates[t].matmul(weight);
    dWeight = dWeight.add(dGates[t].t().matmul(before));
    dc = inner.mul(forget);
  }
  const whole = apply(
    'cat',
    dGates.map((part) => part.unsqueeze(0)),
    { dim: 0 },
  );
  return [whole, dWeight, dh, dc, ...(inputs.length > 4 ? [whole.sum([0, 1])] : [])];
}
