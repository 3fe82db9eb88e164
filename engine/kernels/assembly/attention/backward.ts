// The rule of attention. The weights are computed again, key by key this time: with P their matrix, dO the gradient of the
// result and D = Σ dO·O of each query, dV = Pᵀ·dO, dS = P∘(dO·Vᵀ − D)·scale, dQ = dS·K and dK = dSᵀ·Q (Dao et al. 2022).
import {
  at,
  BATCHES,
  CAUSAL,
  HEADS,
  K,
  K_GRADIENT,
  KEYS,
  MASK,
  MASK_STEP,
  MOST_ROWS,
  OUT,
  padded,
  product,
  Q,
  Q_GRADIENT,
  QUERIES,
  rowOf,
  SCALE,
  SUMS,
  V,
  V_GRADIENT,
  VALUE_WIDTH,
  WIDE,
  WIDTH,
  word,
} from './attention';
import { exp } from '../pointwise/functions';
import { packRight } from '../matrix/packing';
import { dot } from '../reduction/rows';
import { madd, transpose4x4 } from '../simd';

/** Keys whose part of dQ is added up at a time: whole tiles of either shape. */
const BLOCK: i32 = 96;

/** Bytes of scratch memory that `attentionBackward` needs. */
export function attentionBackwardScratch(geometry: usize): i32 {
  const queries = padded(word(geometry, QUERIES));
  const keys = padded(word(geometry, KEYS));
  const width = padded(word(geometry, WIDTH));
  const valueWidth = padded(word(geometry, VALUE_WIDTH));
  const panels = queries * (2 * width + 2 * valueWidth) + keys * width;
  return (panels + (MOST_ROWS + 2 * BLOCK + width + 2) * queries + 2 * MOST_ROWS * (width + valueWidth)) << 2;
}

/** Where things lie in the scratch memory, and what else a head needs; one for each thread's instance. */
let turnedQ: usize = 0;
let turnedG: usize = 0;
let packedQ: usize = 0;
let packedG: usize = 0;
let packedK: usize = 0;
let weights: usize = 0;
let slopes: usize = 0;
let turnedSlopes: usize = 0;
let queryGradient: usize = 0;
let result: usize = 0;
let along: usize = 0;
let sums: usize = 0;

function layOut(geometry: usize, scratch: usize): void {
  const queries = <usize>padded(word(geometry, QUERIES)) << 2;
  const keys = <usize>padded(word(geometry, KEYS)) << 2;
  const width = <usize>padded(word(geometry, WIDTH));
  const valueWidth = <usize>padded(word(geometry, VALUE_WIDTH));
  turnedQ = scratch;
  turnedG = turnedQ + queries * width;
  packedQ = turnedG + queries * valueWidth;
  packedG = packedQ + queries * width;
  packedK = packedG + queries * valueWidth;
  weights = packedK + keys * width;
  slopes = weights + queries * MOST_ROWS;
  turnedSlopes = slopes + queries * BLOCK;
  queryGradient = turnedSlopes + queries * BLOCK;
  along = queryGradient + queries * width;
  sums = along + queries;
  result = sums + queries;
}

/**
 * Gradients of q, k and v, given that of the result, `g`, which has its strides. `mask` has keys as rows here; 0 for none.
 * `logSums`: ln Σ e^(scores) of each query.
 */
export function attentionBackward(
  geometry: usize,
  g: usize,
  q: usize,
  k: usize,
  v: usize,
  mask: usize,
  out: usize,
  logSums: usize,
  dq: usize,
  dk: usize,
  dv: usize,
  scratch: usize,
): void {
  const queries = word(geometry, QUERIES);
  const keys = word(geometry, KEYS);
  const width = word(geometry, WIDTH);
  const valueWidth = word(geometry, VALUE_WIDTH);
  const panel = word(geometry, WIDE) != 0 ? 16 : 8;
  const outRow = rowOf(geometry, OUT);
  layOut(geometry, scratch);
  for (let b = 0; b < word(geometry, BATCHES); b++) {
    for (let h = 0; h < word(geometry, HEADS); h++) {
      const fromQ = q + at(geometry, Q, b, h);
      const fromK = k + at(geometry, K, b, h);
      const fromG = g + at(geometry, OUT, b, h);
      packRight(turnedQ, fromQ, 1, rowOf(geometry, Q), width, queries, panel);
      packRight(turnedG, fromG, 1, outRow, valueWidth, queries, panel);
      packRight(packedQ, fromQ, rowOf(geometry, Q), 1, queries, width, panel);
      packRight(packedG, fromG, outRow, 1, queries, valueWidth, panel);
      packRight(packedK, fromK, rowOf(geometry, K), 1, keys, width, panel);
      const fromOut = out + at(geometry, OUT, b, h);
      for (let i: usize = 0; i < <usize>queries; i++) {
        const there = (i * outRow) << 2;
        store<f32>(along + (i << 2), dot(fromG + there, fromOut + there, valueWidth));
      }
      memory.copy(sums, logSums + at(geometry, SUMS, b, h), <usize>queries << 2);
      const m: usize = mask == 0 ? 0 : mask + at(geometry, MASK, b, h);
      const toK = dk + at(geometry, K_GRADIENT, b, h);
      const toV = dv + at(geometry, V_GRADIENT, b, h);
      for (let j = 0; j < keys; j += BLOCK) {
        const count = min(BLOCK, keys - j);
        keyBlock(geometry, fromK, v + at(geometry, V, b, h), m, toK, toV, j, count);
        addToQueries(geometry, j, count);
      }
      put(queryGradient, padded(width), dq + at(geometry, Q_GRADIENT, b, h), rowOf(geometry, Q_GRADIENT), queries, width);
    }
  }
}

/** The gradients of `count` keys and values from `first` on, and the slopes of their scores. */
function keyBlock(geometry: usize, k: usize, v: usize, mask: usize, dk: usize, dv: usize, first: i32, count: i32): void {
  const queries = word(geometry, QUERIES);
  const width = word(geometry, WIDTH);
  const valueWidth = word(geometry, VALUE_WIDTH);
  const wide = word(geometry, WIDE) != 0;
  const causal = word(geometry, CAUSAL) != 0;
  const scale = load<f32>(geometry + (SCALE << 2));
  const step = wide ? 4 : 6;
  const across = wide ? 16 : 8;
  const line = <usize>padded(queries) << 2;
  const downK = <usize>rowOf(geometry, K) << 2;
  const downV = <usize>rowOf(geometry, V) << 2;
  for (let j = 0; j < count; j += step) {
    const rows = min(step, count - j);
    const key = first + j;
    // queries before the key don't see it: whole panels of them are left out
    const begin = causal ? min(key, queries) & ~(across - 1) : 0;
    const before = <usize>begin << 2;
    const length = queries - begin;
    const there = slopes + <usize>j * line;
    if (length > 0) {
      const fromQ = turnedQ + before * width;
      const fromG = turnedG + before * valueWidth;
      product(k + <usize>key * downK, downK, rows, fromQ, width, width, length, weights + before, line, wide);
      product(v + <usize>key * downV, downV, rows, fromG, valueWidth, valueWidth, length, there + before, line, wide);
    }
    for (let r = 0; r < rows; r++) {
      const p = weights + <usize>r * line;
      const s = there + <usize>r * line;
      const m: usize = mask == 0 ? 0 : mask + ((<usize>(key + r) * rowOf(geometry, MASK)) << 2);
      slope(p, s, m, word(geometry, MASK_STEP), begin, queries, scale);
      clear(s, before);
      if (causal) hide(p + before, s + before, min(key + r, queries) - begin);
    }
    const from = weights + before;
    const toV = dv + ((<usize>key * rowOf(geometry, V_GRADIENT)) << 2);
    const toK = dk + ((<usize>key * rowOf(geometry, K_GRADIENT)) << 2);
    product(from, line, rows, packedG + before * across, queries, max(length, 0), valueWidth, result, <usize>padded(valueWidth) << 2, wide);
    put(result, padded(valueWidth), toV, rowOf(geometry, V_GRADIENT), rows, valueWidth);
    product(there + before, line, rows, packedQ + before * across, queries, max(length, 0), width, result, <usize>padded(width) << 2, wide);
    put(result, padded(width), toK, rowOf(geometry, K_GRADIENT), rows, width);
  }
}

/** p = e^(scale·p + mask − ln Σ), s = p·(s − D)·scale for queries from `begin` on. */
function slope(p: usize, s: usize, mask: usize, maskStep: i32, begin: i32, queries: i32, scale: f32): void {
  const f = f32x4.splat(scale);
  const end = <usize>queries << 2;
  if (mask == 0 || maskStep == 0) {
    const m = mask == 0 ? f32x4.splat(0) : v128.load_splat<f32>(mask);
    for (let i = <usize>begin << 2; i < end; i += 32) {
      const l0 = v128.load(sums + i);
      const l1 = v128.load(sums + i, 16);
      pair(p + i, s + i, i, f32x4.sub(m, l0), f32x4.sub(m, l1), f);
    }
    return;
  }
  for (let i = <usize>begin << 2; i < end; i += 32) {
    const l0 = v128.load(sums + i);
    const l1 = v128.load(sums + i, 16);
    const m0 = v128.load(mask + i);
    const m1 = v128.load(mask + i, 16);
    pair(p + i, s + i, i, f32x4.sub(m0, l0), f32x4.sub(m1, l1), f);
  }
}

/** Two vectors of it, with what is added to the scores. */
// @ts-ignore: decorator
@inline
function pair(p: usize, s: usize, i: usize, added0: v128, added1: v128, f: v128): void {
  const d0 = v128.load(along + i);
  const d1 = v128.load(along + i, 16);
  const p0 = v128.load(p);
  const p1 = v128.load(p, 16);
  const s0 = v128.load(s);
  const s1 = v128.load(s, 16);
  const w0 = exp(madd(p0, f, added0));
  const w1 = exp(madd(p1, f, added1));
  const g0 = f32x4.mul(w0, f32x4.mul(f32x4.sub(s0, d0), f));
  const g1 = f32x4.mul(w1, f32x4.mul(f32x4.sub(s1, d1), f));
  v128.store(p, w0);
  v128.store(p, w1, 16);
  v128.store(s, g0);
  v128.store(s, g1, 16);
}

/** Queries that don't see a key. */
// @ts-ignore: decorator
@inline
function hide(p: usize, s: usize, count: i32): void {
  for (; count > 0; count--, p += 4, s += 4) {
    store<f32>(p, 0);
    store<f32>(s, 0);
  }
}

/** Zeros in `bytes` bytes, whole vectors. */
// @ts-ignore: decorator
@inline
function clear(x: usize, bytes: usize): void {
  for (const end = x + bytes; x < end; x += 16) v128.store(x, f32x4.splat(0));
}

/** Adds what a block of keys gives to the gradients of the queries. */
function addToQueries(geometry: usize, first: i32, count: i32): void {
  const queries = word(geometry, QUERIES);
  const width = word(geometry, WIDTH);
  const wide = word(geometry, WIDE) != 0;
  const step = wide ? 4 : 6;
  const across = wide ? 16 : 8;
  const line = <usize>padded(queries) << 2;
  const turnedLine = <usize>BLOCK << 2;
  const gradientLine = <usize>padded(width) << 2;
  const rows = (count + 3) & ~3;
  for (let r = count; r < rows; r++) clear(slopes + <usize>r * line, line);
  for (let j: usize = 0; j < <usize>rows; j += 4) {
    for (let i: usize = 0; i < <usize>padded(queries); i += 4) {
      transpose4x4(slopes + j * line + (i << 2), line, turnedSlopes + i * turnedLine + (j << 2), turnedLine);
    }
  }
  for (let i = 0; i < queries; i += step) {
    const from = turnedSlopes + <usize>i * turnedLine;
    const to = queryGradient + <usize>i * gradientLine;
    const some = min(step, queries - i);
    const panels = packedK + ((<usize>first * across) << 2);
    if (first == 0) {
      product(from, turnedLine, some, panels, word(geometry, KEYS), count, width, to, gradientLine, wide);
      continue;
    }
    product(from, turnedLine, some, panels, word(geometry, KEYS), count, width, result, gradientLine, wide);
    for (let r: usize = 0; r < <usize>some; r++) {
      for (let c = r * gradientLine; c < (r + 1) * gradientLine; c += 16) {
        v128.store(to + c, f32x4.add(v128.load(to + c), v128.load(result + c)));
      }
    }
  }
}

/** Copies rows of `width`; strides in elements. */
function put(x: usize, xRow: i32, out: usize, outRow: i32, rows: i32, width: i32): void {
  for (let r = 0; r < rows; r++) {
    let from = x + ((<usize>r * xRow) << 2);
    let to = out + ((<usize>r * outRow) << 2);
    let n = width;
    for (; n >= 4; n -= 4, from += 16, to += 16) v128.store(to, v128.load(from));
    for (; n > 0; n--, from += 4, to += 4) store<f32>(to, load<f32>(from));
  }
}
