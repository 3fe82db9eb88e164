import type { Numbers } from '../../tensor/dtype.ts';
import { matmul } from './matmul.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** A sequence [steps, n, …] of `width` units: its sizes, and whether it's gone through from its end. */
export interface Sequence {
  readonly steps: number;
  readonly n: number;
  readonly width: number;
  readonly backwards: boolean;
}

const rows = (data: Numbers, start: number, width: number) => ({ data, start, rowStride: width, columnStride: 1 });

// An LSTM over a whole sequence (Hochreiter & Schmidhuber 1997; gates in PyTorch's order: input, forget, cell, output).
export const lstm = {
  /**
   * With gates z = x + h·weightᵀ + bias: c = σ(z_f)·c + σ(z_i)·tanh(z_g), h = σ(z_o)·tanh(c).
   * @param gates [steps, n, 4·width], the inputs through their weights at first, the gates' functions at last.
   * @param weight [4·width, width]. @param bias [4·width] or none. @param h0 and `c0` [n, width].
   * @param out [steps + 1, n, width]: h of each step, then the last c. @param cells [steps, n, width].
   */
  lstm(
    gates: Numbers,
    weight: Numbers,
    bias: Numbers | null,
    h0: Numbers,
    c0: Numbers,
    out: Numbers,
    cells: Numbers,
    { steps, n, width, backwards }: Sequence,
  ): void {
    const state = n * width;
    let [h, hAt, c, cAt] = [h0, 0, c0, 0];
    for (let s = 0; s < steps; s++) {
      const t = backwards ? steps - 1 - s : s;
      const turned = { data: weight, start: 0, rowStride: 1, columnStride: width };
      matmul.matmul(rows(h, hAt, width), turned, gates, 4 * t * state, n, width, 4 * width, true);
      for (let i = 0; i < state; i++) {
        const j = i % width;
        const at = 4 * t * state + 4 * (i - j) + j;
        const z = [0, 1, 2, 3].map((k) => gates[at + k * width] + (bias === null ? 0 : bias[j + k * width]));
        const [input, forget, next, output] = [sigmoid(z[0]), sigmoid(z[1]), Math.tanh(z[2]), sigmoid(z[3])];
        for (const [k, v] of [input, forget, next, output].entries()) gates[at + k * width] = v;
        const memory = forget * c[cAt + i] + input * next;
        cells[t * state + i] = memory;
        out[t * state + i] = output * Math.tanh(memory);
      }
      [h, hAt, c, cAt] = [out, t * state, cells, t * state];
    }
    out.set(c.subarray(cAt, cAt + state), steps * state);
  },

  /**
   * Its gradients, given g like `out`.
   * @param dGates [steps, n, 4·width], those of the gates before their functions.
   * @param dh and `dc` [n, width]: zeros and the gradient of the last memory at first, those of h0 and c0 at last.
   */
  lstmBackward(
    g: Numbers,
    gates: Numbers,
    weight: Numbers,
    c0: Numbers,
    cells: Numbers,
    dGates: Numbers,
    dh: Numbers,
    dc: Numbers,
    { steps, n, width, backwards }: Sequence,
  ): void {
    const state = n * width;
    for (let s = steps - 1; s >= 0; s--) {
      const t = backwards ? steps - 1 - s : s;
      const before = backwards ? t + 1 : t - 1;
      for (let i = 0; i < state; i++) {
        const j = i % width;
        const at = 4 * t * state + 4 * (i - j) + j;
        const [input, forget, next, output] = [0, 1, 2, 3].map((k) => gates[at + k * width]);
        const squashed = Math.tanh(cells[t * state + i]);
        const incoming = g[t * state + i] + dh[i];
        const memory = dc[i] + incoming * output * (1 - squashed * squashed);
        dGates[at] = memory * next * input * (1 - input);
        dGates[at + width] = memory * (s === 0 ? c0[i] : cells[before * state + i]) * forget * (1 - forget);
        dGates[at + 2 * width] = memory * input * (1 - next * next);
        dGates[at + 3 * width] = incoming * squashed * output * (1 - output);
        dc[i] = memory * forget;
      }
      matmul.matmul(rows(dGates, 4 * t * state, 4 * width), rows(weight, 0, width), dh, 0, n, 4 * width, width, false);
    }
  },
};
