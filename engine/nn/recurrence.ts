import { apply } from '../autograd/apply.ts';
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
    step: (x, h, [before]) => [apply('gruStep', [x, h, before], {})],
  },
  lstm: {
    gates: 4,
    carries: ['h', 'c'],
    step(x, h, [, memory]) {
      const gates = x.add(h);
      const kept = apply('lstmMemory', [gates, memory], {});
      return [apply('lstmHidden', [gates, kept], {}), kept];
    },
  },
};
