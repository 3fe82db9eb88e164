import type { Numbers } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Group, Optimizer, type State } from './optimizer.ts';

export interface AdafactorOptions {
  /** The greatest relative rate; at step t it is at most 1/√t. Default 1e-2. */
  lr?: number;
  /** The running squares forget with the share t^beta2Decay. Default −0.8. */
  beta2Decay?: number;
  /** Keep squares and the parameter's size from 0. Default [null, 1e-3]; null is the precision of the parameter's type. */
  eps?: readonly [number | null, number];
  /** An update of greater root mean square is scaled down to this. Default 1. */
  d?: number;
  /** Decoupled. Default 0. */
  weightDecay?: number;
  /** Go up the gradient rather than down. Default false. */
  maximize?: boolean;
}

const rootMeanSquare = (values: Numbers): number => {
  let sum = 0;
  for (const v of values) sum += v * v;
  return Math.sqrt(sum / values.length);
};

/** Running mean squares of the rows and of the columns of each matrix, and the squares they stand for: rowᵢ·columnⱼ/mean row. */
function factored(g: Numbers, state: State, fresh: number, [rows, columns]: number[], eps: number): Float64Array {
  const matrices = g.length / (rows * columns);
  const [row, column] = [state.array('rowVar', 0, matrices * rows), state.array('colVar', 0, matrices * columns)];
  const out = new Float64Array(g.length);
  const square = (m: number, i: number, j: number): number => g[(m * rows + i) * columns + j] ** 2;
  for (let m = 0; m < matrices; m++) {
    let total = 0;
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += square(m, i, j);
      row[m * rows + i] += fresh * (sum / columns - row[m * rows + i]);
      total += row[m * rows + i];
    }
    const mean = Math.max(total / rows, eps);
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += square(m, i, j);
      column[m * columns + j] += fresh * (sum / rows - column[m * columns + j]);
      for (let i = 0; i < rows; i++) {
        out[(m * rows + i) * columns + j] = (row[m * rows + i] * column[m * columns + j]) / mean;
      }
    }
  }
  return out;
}

/** The running squares themselves, of a vector. */
function whole(g: Numbers, state: State, fresh: number): Float64Array {
  const squares = state.array('variance');
  for (let i = 0; i < g.length; i++) squares[i] += fresh * (g[i] * g[i] - squares[i]);
  return squares;
}

/** Like Adam without a mean, with squares kept by row and column only, and rates relative to the weights (Shazeer & Stern 2018). */
export class Adafactor extends Optimizer<Required<AdafactorOptions>> {
  constructor(params: Iterable<Tensor> | Iterable<Group<AdafactorOptions>>, options: AdafactorOptions = {}) {
    super(
      params as Iterable<Tensor>,
      {
        lr: 1e-2,
        beta2Decay: -0.8,
        eps: [null, 1e-3],
        d: 1,
        weightDecay: 0,
        maximize: false,
      },
      options,
    );
  }

  protected override update(
    p: Numbers,
    g: Numbers,
    state: State,
    { lr, beta2Decay, eps: [given, least], d, weightDecay }: Required<AdafactorOptions>,
    shape: readonly number[],
  ): void {
    const eps = given ?? (p instanceof Float64Array ? Number.EPSILON : 2 ** -23);
    const fresh = state.step ** beta2Decay;
    const rate = Math.max(least, rootMeanSquare(p)) * Math.min(lr, 1 / Math.sqrt(state.step));
    const squares = shape.length > 1 ? factored(g, state, fresh, shape.slice(-2), eps) : whole(g, state, fresh);
    const move = squares.map((v, i) => g[i] / Math.sqrt(Math.max(v, eps * eps)));
    const clipped = rate / Math.max(1, rootMeanSquare(move) / d);
    for (let i = 0; i < p.length; i++) p[i] = p[i] * (1 - lr * weightDecay) - clipped * move[i];
  }
}
