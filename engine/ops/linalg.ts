import { kernels } from '../kernels/kernels.ts';
import { toFloating } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import { ArgumentError, ShapeError, showShape } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Computed, type None, none } from './operation.ts';
import { type Sample, type SampleInput, values } from './sample.ts';

// Decompositions of matrices [batch…, m, n]. Rules: Giles, "Collected matrix derivative results", 2008.

const mT = (x: Tensor): Tensor => x.transpose(-2, -1);

function checkSquare(name: string, { shape }: Tensor): void {
  if (shape.length < 2 || shape[shape.length - 1] !== shape[shape.length - 2]) {
    throw new ShapeError(`${name}: expected a square matrix or a batch of them, got ${showShape(shape)}.`);
  }
}

const regular: SampleInput[] = [
  values([2, 2], [2, 1, -1, 3]),
  values([2, 3, 3], [3, 1, 0, -1, 2, 0.5, 0.3, 1, 4, 1, 2, 0, 0, 1, 3, 2, 0, 1]),
];
const each = (inputs: readonly SampleInput[]): Sample<None>[] =>
  inputs.map((input) => ({ inputs: [input], attributes: none }));

/** A⁻¹. */
export const inverse: Computed<None> = {
  infer([x]) {
    checkSquare('inverse', x);
    return { shape: x.shape, dtype: toFloating(x.dtype) };
  },
  forward([x], _, out, shape) {
    if (kernels.inverse(elements(x), out, shape[shape.length - 1])) return;
    throw new ArgumentError('inverse: the matrix is singular: its rows are linearly dependent.');
  },
  saves: ['output'],
  // (A⁻¹)' = −A⁻¹A'A⁻¹
  backward: (g, { saved }) => {
    const transposed = mT(saved(0));
    return [transposed.matmul(g).matmul(transposed).neg()];
  },
  samples: () => each(regular),
};

/** det A. */
export const det: Computed<None> = {
  infer([x]) {
    checkSquare('det', x);
    return { shape: x.shape.slice(0, -2), dtype: toFloating(x.dtype) };
  },
  forward: ([x], _, out) => kernels.determinant(elements(x), out, x.shape[x.shape.length - 1]),
  saves: [0, 'output'],
  // (det A)' = det A · tr(A⁻¹A'); a singular matrix has no inverse to say it with.
  backward: (g, { saved }) => [
    g
      .mul(saved(1))
      .unsqueeze(-1)
      .unsqueeze(-1)
      .mul(mT(saved(0).inverse())),
  ],
  samples: () => each(regular),
};

const definite: SampleInput[] = [
  values([2, 2], [4, 1, 1, 3]),
  values([2, 3, 3], [4, 1, 0.5, 1, 3, 0, 0.5, 0, 2, 2, 0.3, 0, 0.3, 1, 0.2, 0, 0.2, 3]),
];

/** L, lower triangular, with LLᵀ = A. Looks at the symmetric part of A. */
export const cholesky: Computed<None> = {
  infer([x]) {
    checkSquare('cholesky', x);
    return { shape: x.shape, dtype: toFloating(x.dtype) };
  },
  forward([x], _, out, shape) {
    if (kernels.cholesky(elements(x), out, shape[shape.length - 1])) return;
    throw new ArgumentError('cholesky: the matrix is not positive definite.');
  },
  saves: ['output'],
  // L⁻ᵀ·Φ(Lᵀg)·L⁻¹, made symmetric; Φ takes the lower triangle with half the diagonal.
  backward: (g, { saved }) => {
    const lower = saved(0);
    const inner = mT(lower).matmul(g);
    const phi = inner.tril(-1).add(inner.tril().triu().mul(0.5));
    const left = lower.inverse();
    const part = mT(left).matmul(phi).matmul(left);
    return [part.add(mT(part)).mul(0.5)];
  },
  samples: () => each(definite),
};

const tall: SampleInput[] = [
  values([2, 2], [2, 1, -1, 3]),
  values([2, 3, 2], [1, 2, 0.5, -1, 2, 0.3, 3, 1, 1, -2, 0.2, 1]),
];

/** Q of A = QR, for matrices with at least as many rows as columns; R = QᵀA is left to the caller. */
export const orthonormalize: Computed<None> = {
  infer: ([x]) => ({ shape: x.shape, dtype: toFloating(x.dtype) }),
  forward: ([x], _, out, shape) => kernels.orthonormalize(elements(x), out, ...lastTwo(shape)),
  saves: [0, 'output'],
  // (g − Q·sym(triu(Qᵀg)))·R⁻ᵀ, with sym(X) = X + Xᵀ and the diagonal halved
  backward: (g, { saved }) => {
    const q = saved(1);
    const r = mT(q).matmul(saved(0)).triu();
    const upper = mT(q).matmul(g).triu();
    const symmetric = upper.triu(1).add(mT(upper));
    return [g.sub(q.matmul(symmetric)).matmul(mT(r.inverse()))];
  },
  samples: () => each(tall),
};

const lastTwo = (shape: readonly number[]): [number, number] => [shape[shape.length - 2], shape[shape.length - 1]];

/** 1/(xⱼ − xᵢ) as a matrix; 0 where they are equal. */
function inverseGaps(x: Tensor): Tensor {
  const gaps = x.unsqueeze(-2).sub(x.unsqueeze(-1));
  const equal = gaps.eq(0);
  return equal.where(0, equal.where(1, gaps).reciprocal());
}

/** The three parts of what `singular` packs into its last dimension. */
export function unpack(packed: Tensor, m: number, n: number): { u: Tensor; s: Tensor; v: Tensor } {
  const k = Math.min(m, n);
  const [u, s, v] = packed.split([m * k, k, n * k], -1);
  return { u: u.unflatten(-1, [m, k]), s, v: v.unflatten(-1, [n, k]) };
}

/** A = U·diag(s)·Vᵀ with k = min(m, n) values, packed as [batch…, U, s, V]. */
export const singular: Computed<None> = {
  infer: ([x]) => {
    const [m, n] = lastTwo(x.shape);
    return { shape: [...x.shape.slice(0, -2), (m + 1 + n) * Math.min(m, n)], dtype: toFloating(x.dtype) };
  },
  forward: ([x], _, out) => kernels.singular(elements(x), out, ...lastTwo(x.shape)),
  saves: ['output'],
  // U·[(skew(Uᵀg_U)∘E)·S + S·(skew(Vᵀg_V)∘E) + diag g_s]·Vᵀ, plus what leaves the spans of U and V; Eᵢⱼ = 1/(sⱼ² − sᵢ²), and
  // 0 where the values are equal: there the vectors aren't unique.
  backward: (g, { saved, inputs }) => {
    const [m, n] = lastTwo(inputs[0].shape);
    const { u, s, v } = unpack(saved(0), m, n);
    const { u: gu, s: gs, v: gv } = unpack(g, m, n);
    const e = inverseGaps(s.square());
    const skew = (x: Tensor) => x.sub(mT(x));
    const scaleColumns = (x: Tensor) => x.mul(s.unsqueeze(-2));
    const left = scaleColumns(skew(mT(u).matmul(gu)).mul(e));
    const right = skew(mT(v).matmul(gv)).mul(e).mul(s.unsqueeze(-1));
    const inner = left.add(right).add(gs.diagEmbed());
    let gradient = u.matmul(inner).matmul(mT(v));
    const outside = (x: Tensor, basis: Tensor) => x.sub(basis.matmul(mT(basis).matmul(x))).div(s.unsqueeze(-2));
    if (m > n) gradient = gradient.add(outside(gu, u).matmul(mT(v)));
    if (n > m) gradient = gradient.add(u.matmul(mT(outside(gv, v))));
    return [gradient];
  },
  samples: () => each([...tall, values([2, 3], [1, 2, 0.5, -1, 2, 0.3])]),
};

/** What `symmetric` packs into its last dimension. */
export function unpackSymmetric(packed: Tensor, n: number): { values: Tensor; vectors: Tensor } {
  const [values, vectors] = packed.split([n, n * n], -1);
  return { values, vectors: vectors.unflatten(-1, [n, n]) };
}

/** A = V·diag(λ)·Vᵀ for the symmetric part of A, packed as [batch…, λ, V]; λ ascending. */
export const symmetric: Computed<None> = {
  infer([x]) {
    checkSquare('eigh', x);
    const n = x.shape[x.shape.length - 1];
    return { shape: [...x.shape.slice(0, -2), n + n * n], dtype: toFloating(x.dtype) };
  },
  forward: ([x], _, out) => kernels.symmetric(elements(x), out, x.shape[x.shape.length - 1]),
  saves: ['output'],
  // V·(diag g_λ + (Vᵀg_V)∘E)·Vᵀ, made symmetric; Eᵢⱼ = 1/(λⱼ − λᵢ), and 0 where the values are equal, as in `singular`.
  backward: (g, { saved, inputs }) => {
    const n = inputs[0].shape[inputs[0].shape.length - 1];
    const { values: lambda, vectors: v } = unpackSymmetric(saved(0), n);
    const { values: gLambda, vectors: gV } = unpackSymmetric(g, n);
    const inner = mT(v).matmul(gV).mul(inverseGaps(lambda)).add(gLambda.diagEmbed());
    const part = v.matmul(inner).matmul(mT(v));
    return [part.add(mT(part)).mul(0.5)];
  },
  samples: () => each([...definite, values([3, 3], [1, 0.5, -2, 0.3, -1, 0.7, 1, 0.2, 3])]),
};

export interface Cutoff {
  /** Singular values below this share of the greatest are taken for 0. */
  readonly rtol: number;
}

/** P = A⁺, the pseudoinverse [batch…, n, m] of [batch…, m, n]. */
export const pseudoinverse: Computed<Cutoff> = {
  infer: ([x]) => {
    const [m, n] = lastTwo(x.shape);
    return { shape: [...x.shape.slice(0, -2), n, m], dtype: toFloating(x.dtype) };
  },
  forward: ([x], { rtol }, out) => kernels.pseudoinverse(elements(x), out, ...lastTwo(x.shape), rtol),
  saves: [0, 'output'],
  // As long as the rank stays: P' = −PA'P + PPᵀA'ᵀ(1 − AP) + (1 − PA)A'ᵀPᵀP (Golub & Pereyra 1973)
  backward: (g, { saved }) => {
    const [a, p] = [saved(0), saved(1)];
    const [pT, gT] = [mT(p), mT(g)];
    const right = gT.matmul(p).matmul(pT);
    const left = pT.matmul(p).matmul(gT);
    return [
      pT
        .matmul(g)
        .matmul(pT)
        .neg()
        .add(right.sub(a.matmul(p.matmul(right))))
        .add(left.sub(left.matmul(p).matmul(a))),
    ];
  },
  // The identity: where a rule by singular vectors fails.
  samples: () =>
    [...tall, values([2, 3], [1, 2, 0.5, -1, 2, 0.3]), values([2, 2], [1, 0, 0, 1])].map((input) => ({
      inputs: [input],
      attributes: { rtol: 1e-12 },
    })),
};
