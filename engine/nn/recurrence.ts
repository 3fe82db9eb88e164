import type { Tensor } from '../tensor/tensor.ts';

export type CellKind = 'rnn' | 'rnnRelu' | 'gru' | 'lstm';

interface Cell {
  /** Blocks of rows in the weights. */
  readonly gates: number;
  /** What it passes on from step to step; the first is the output. */
  readonly carries: readonly string[];
  /** `x` and `h`: the input and the state, each through its weights, [n, gates·hidden]. */
  readonly step: (x: Tensor, h: Tensor, state: readonly Tensor[]) => Tensor[];
}

/** One step of each kind, with the gates in PyTorch's order. */
export const cells: { readonly [K in CellKind]: Cell } = {
  rnn: { gates: 1, carries: ['h'], step: (x, h) => [x.add(h).tanh()] },
  rnnRelu: { gates: 1, carries: ['h'], step: (x, h) => [x.add(h).relu()] },
  gru: {
    gates: 3,
    carries: ['h'],
    step(x, h, [before]) {
      const [xr, xz, xn] = x.chunk(3, 1);
      const [hr, hz, hn] = h.chunk(3, 1);
      const [reset, update] = [xr.add(hr).sigmoid(), xz.add(hz).sigmoid()];
      const next = xn.add(reset.mul(hn)).tanh();
      // (1 − z)·n + z·h
      return [next.add(update.mul(before.sub(next)))];
    },
  },
  lstm: {
    gates: 4,
    carries: ['h', 'c'],
    step(x, h, [, memory]) {
      const [input, forget, cell, output] = x.add(h).chunk(4, 1);
      const kept = forget.sigmoid().mul(memory).add(input.sigmoid().mul(cell.tanh()));
      return [output.sigmoid().mul(kept.tanh()), kept];
    },
  },
};
