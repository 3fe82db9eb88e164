import type { Numbers } from '../tensor/dtype.ts';
import { ArgumentError, showShape } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Group, Optimizer, type State } from './optimizer.ts';

export interface MuonOptions {
  /** Default 1e-3. */
  lr?: number;
  /** Default 0.1. */
  weightDecay?: number;
  /** Default 0.95. */
  momentum?: number;
  /** Look ahead along the velocity. Default true. */
  nesterov?: boolean;
  /** Of the iteration X ← aX + b(XXᵀ)X + c(XXᵀ)²X. Default [3.4445, −4.775, 2.0315]. */
  nsCoefficients?: readonly [number, number, number];
  /** Default 5. */
  nsSteps?: number;
  /** Default 1e-7. */
  eps?: number;
  /** How lr follows the shape: `original` by √max(1, rows/columns), `matchRmsAdamw` by 0.2·√max(rows, columns). */
  adjustLrFn?: 'original' | 'matchRmsAdamw';
  /** Go up the gradient rather than down. Default false. */
  maximize?: boolean;
}

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The nearest bfloat16 (the upper half of a float32), ties to even. Muon is defined with it. */
function brain(x: number): number {
  single[0] = x;
  if (Number.isNaN(x)) return x;
  bits[0] = (bits[0] + 0x7fff + ((bits[0] >>> 16) & 1)) & 0xffff0000;
  return single[0];
}

/** α·a[m, k]·b[k, n] + β·c, or with b transposed; summed up precisely, then rounded once. */
function product(
  a: Float64Array,
  b: Float64Array,
  [m, k, n]: readonly [number, number, number],
  { transposed = false, alpha = 1, beta = 0, plus = a }: Readonly<Partial<ProductOptions>> = {},
): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[i * k + p] * (transposed ? b[j * k + p] : b[p * n + j]);
      out[i * n + j] = brain(alpha * sum + (beta === 0 ? 0 : beta * plus[i * n + j]));
    }
  return out;
}

interface ProductOptions {
  transposed: boolean;
  alpha: number;
  beta: number;
  plus: Float64Array;
}

/** A matrix with the same singular vectors and singular values near 1, by Newton–Schulz iterations in bfloat16. */
function orthogonalize(g: Float64Array, rows: number, columns: number, options: Required<MuonOptions>): Float64Array {
  const { nsCoefficients, nsSteps, eps } = options;
  const [a, b, c] = nsCoefficients;
  const wide = rows <= columns;
  const [m, n] = wide ? [rows, columns] : [columns, rows];
  const at = (i: number): number => (wide ? i : (i % n) * m + Math.floor(i / n));
  const rounded = g.map(brain);
  const norm = Math.max(brain(eps), brain(Math.hypot(...rounded)));
  let x: Float64Array = Float64Array.from({ length: m * n }, (_, i) => brain(rounded[at(i)] / norm));
  for (let step = 0; step < nsSteps; step++) {
    const gram = product(x, x, [m, n, m], { transposed: true });
    const mixed = product(gram, gram, [m, m, m], { alpha: c, beta: b, plus: gram });
    x = product(mixed, x, [m, m, n], { beta: a, plus: x });
  }
  const out = new Float64Array(m * n);
  for (let i = 0; i < out.length; i++) out[at(i)] = x[i];
  return out;
}

/**
 * SGD with momentum whose every update is made orthogonal by Newton–Schulz iterations (Jordan et al. 2024). For matrices in hidden
 * layers; everything else is better left to AdamW. Iterates in bfloat16 as PyTorch does.
 */
export class Muon extends Optimizer<Required<MuonOptions>> {
  /** @throws ArgumentError for a parameter that is no matrix. */
  constructor(params: Iterable<Tensor> | Iterable<Group<MuonOptions>>, options: MuonOptions = {}) {
    super(
      params as Iterable<Tensor>,
      {
        lr: 1e-3,
        weightDecay: 0.1,
        momentum: 0.95,
        nesterov: true,
        nsCoefficients: [3.4445, -4.775, 2.0315],
        nsSteps: 5,
        eps: 1e-7,
        adjustLrFn: 'original',
        maximize: false,
      },
      options,
    );
    const other = this.paramGroups.flatMap((group) => group.params).find((p) => p.shape.length !== 2);
    if (other !== undefined) {
      throw new ArgumentError(
        `Muon: expected matrices only, got a parameter of shape ${showShape(other.shape)}. Train it with AdamW.`,
      );
    }
  }

  protected override update(
    p: Numbers,
    g: Numbers,
    state: State,
    o: Required<MuonOptions>,
    [rows, columns]: readonly number[],
  ): void {
    const velocity = state.array('momentumBuffer');
    for (let i = 0; i < p.length; i++) velocity[i] += (1 - o.momentum) * (g[i] - velocity[i]);
    const ahead = o.nesterov ? velocity.map((v, i) => g[i] + o.momentum * (v - g[i])) : velocity;
    const moved = orthogonalize(ahead, rows, columns, o);
    const factor =
      o.adjustLrFn === 'original' ? Math.sqrt(Math.max(1, rows / columns)) : 0.2 * Math.sqrt(Math.max(rows, columns));
    for (let i = 0; i < p.length; i++) p[i] = p[i] * (1 - o.lr * o.weightDecay) - o.lr * factor * moved[i];
  }
}
