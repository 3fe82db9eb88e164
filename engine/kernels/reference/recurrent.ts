import type { Numbers } from '../../tensor/dtype.ts';

// One step of a gated recurrence for n sequences of `width` features. Gates lie side by side in each row, in PyTorch's order.
// Gradients come as flat blocks one after the other, each row-major.

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export const recurrent = {
  /** gates [n, input·forget·cell·output] before their functions, c [n, width]: σ(f)·c + σ(i)·tanh(g). */
  lstmMemory(gates: Numbers, c: Numbers, out: Numbers, n: number, width: number): void {
    for (let row = 0; row < n; row++)
      for (let j = 0, p = row * 4 * width, o = row * width; j < width; j++, p++, o++)
        out[o] = sigmoid(gates[p + width]) * c[o] + sigmoid(gates[p]) * Math.tanh(gates[p + 2 * width]);
  },

  /** Of `lstmMemory`, given the gradient of its result: [n, 4·width] for the gates, then [n, width] for c. */
  lstmMemoryBackward(g: Numbers, gates: Numbers, c: Numbers, out: Numbers, n: number, width: number): void {
    for (let row = 0; row < n; row++)
      for (let j = 0, p = row * 4 * width, o = row * width; j < width; j++, p++, o++) {
        const [input, forget] = [sigmoid(gates[p]), sigmoid(gates[p + width])];
        const cell = Math.tanh(gates[p + 2 * width]);
        out[p] = g[o] * cell * input * (1 - input);
        out[p + width] = g[o] * c[o] * forget * (1 - forget);
        out[p + 2 * width] = g[o] * input * (1 - cell * cell);
        out[p + 3 * width] = 0;
        out[4 * n * width + o] = g[o] * forget;
      }
  },

  /** gates as for `lstmMemory`, c [n, width] after it: σ(o)·tanh(c). */
  lstmHidden(gates: Numbers, c: Numbers, out: Numbers, n: number, width: number): void {
    for (let row = 0; row < n; row++)
      for (let j = 0, p = row * 4 * width + 3 * width, o = row * width; j < width; j++, p++, o++)
        out[o] = sigmoid(gates[p]) * Math.tanh(c[o]);
  },

  /** Of `lstmHidden`: [n, 4·width] for the gates, then [n, width] for c. */
  lstmHiddenBackward(g: Numbers, gates: Numbers, c: Numbers, out: Numbers, n: number, width: number): void {
    for (let row = 0; row < n; row++)
      for (let j = 0, p = row * 4 * width, o = row * width; j < width; j++, p++, o++) {
        const [gate, squashed] = [sigmoid(gates[p + 3 * width]), Math.tanh(c[o])];
        out[p] = 0;
        out[p + width] = 0;
        out[p + 2 * width] = 0;
        out[p + 3 * width] = g[o] * squashed * gate * (1 - gate);
        out[4 * n * width + o] = g[o] * gate * (1 - squashed * squashed);
      }
  },

  /** x and h [n, reset·update·new], the input and the state through their weights; before [n, width]: (1 − z)·n + z·before. */
  gruStep(x: Numbers, h: Numbers, before: Numbers, out: Numbers, n: number, width: number): void {
    for (let row = 0; row < n; row++)
      for (let j = 0, p = row * 3 * width, o = row * width; j < width; j++, p++, o++) {
        const update = sigmoid(x[p + width] + h[p + width]);
        const next = Math.tanh(x[p + 2 * width] + sigmoid(x[p] + h[p]) * h[p + 2 * width]);
        out[o] = next + update * (before[o] - next);
      }
  },

  /** Of `gruStep`: [n, 3·width] for x, the same for h, then [n, width] for the state before. */
  gruStepBackward(g: Numbers, x: Numbers, h: Numbers, before: Numbers, out: Numbers, n: number, width: number): void {
    const [forState, forBefore] = [3 * n * width, 6 * n * width];
    for (let row = 0; row < n; row++)
      for (let j = 0, p = row * 3 * width, o = row * width; j < width; j++, p++, o++) {
        const reset = sigmoid(x[p] + h[p]);
        const update = sigmoid(x[p + width] + h[p + width]);
        const next = Math.tanh(x[p + 2 * width] + reset * h[p + 2 * width]);
        const forNext = g[o] * (1 - update) * (1 - next * next);
        const forReset = forNext * h[p + 2 * width] * reset * (1 - reset);
        const forUpdate = g[o] * (before[o] - next) * update * (1 - update);
        out[p] = forReset;
        out[p + width] = forUpdate;
        out[p + 2 * width] = forNext;
        out[forState + p] = forReset;
        out[forState + p + width] = forUpdate;
        out[forState + p + 2 * width] = forNext * reset;
        out[forBefore + o] = g[o] * update;
      }
  },
};
