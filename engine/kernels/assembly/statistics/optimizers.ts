// One step of an optimizer, in one pass over parameter, gradient and state.
import { madd } from '../simd';
import { addBlock, addChange, addDescent, BEFORE, begin, putRow } from './parameterStatistics';
import { BLOCK } from './statistics';

// @ts-ignore: decorator
@inline
function splat(x: f64): v128 {
  return f32x4.splat(<f32>x);
}

/** Whole vectors at `i`, or the one element there. */
// @ts-ignore: decorator
@inline
function get(at: usize, whole: bool): v128 {
  return whole ? v128.load(at) : v128.load_zero<f32>(at);
}

// @ts-ignore: decorator
@inline
function put(at: usize, v: v128, whole: bool): void {
  if (whole) v128.store(at, v);
  else v128.store_lane<f32>(at, v, 0);
}

/** p ← p − lr·(g + decay·p), or if it doesn't `decay` p ← p − lr·g. */
// @ts-ignore: decorator
@inline
function descend(p: usize, g: usize, n: i32, lr: f64, decay: f64, decays: bool): void {
  const rate = splat(-lr);
  const d = splat(decay);
  const end = p + ((<usize>n) << 2);
  let at = p;
  for (const whole = p + ((<usize>(n & ~15)) << 2); at < whole; at += 64, g += 64) {
    const x0 = v128.load(at);
    const x1 = v128.load(at, 16);
    const x2 = v128.load(at, 32);
    const x3 = v128.load(at, 48);
    const g0 = v128.load(g);
    const g1 = v128.load(g, 16);
    const g2 = v128.load(g, 32);
    const g3 = v128.load(g, 48);
    v128.store(at, madd(rate, decays ? madd(d, x0, g0) : g0, x0));
    v128.store(at, madd(rate, decays ? madd(d, x1, g1) : g1, x1), 16);
    v128.store(at, madd(rate, decays ? madd(d, x2, g2) : g2, x2), 32);
    v128.store(at, madd(rate, decays ? madd(d, x3, g3) : g3, x3), 48);
  }
  for (; at < end; at += 4, g += 4) {
    const x = get(at, false);
    const y = get(g, false);
    put(at, madd(rate, decays ? madd(d, x, y) : y, x), false);
  }
}

/** p ← p − lr·(g + decay·p). */
export function sgd(p: usize, g: usize, n: i32, lr: f64, decay: f64): void {
  if (decay == 0) descend(p, g, n, lr, 0, false);
  else descend(p, g, n, lr, decay, true);
}

/** d = g + decay·p, v ← momentum·v + fresh·d, p ← p − lr·v, or with Nesterov's look-ahead p − lr·(d + momentum·v). */
export function sgdMomentum(
  p: usize,
  g: usize,
  v: usize,
  n: i32,
  lr: f64,
  decay: f64,
  momentum: f64,
  fresh: f64,
  nesterov: bool,
): void {
  const rate = splat(-lr);
  const w = splat(decay);
  const m = splat(momentum);
  const f = splat(fresh);
  for (; n > 0; ) {
    const whole = n >= 4;
    const x = get(p, whole);
    const d = madd(w, x, get(g, whole));
    const velocity = madd(m, get(v, whole), f32x4.mul(f, d));
    put(v, velocity, whole);
    put(p, madd(rate, nesterov ? madd(m, velocity, d) : velocity, x), whole);
    const step: usize = whole ? 16 : 4;
    n -= whole ? 4 : 1;
    p += step;
    g += step;
    v += step;
  }
}

/**
 * p ← shrink·p, d = g + decay·p, m ← β₁m + (1 − β₁)d, v ← β₂v + (1 − β₂)d², p ← p − rate·m/(√v/correction + eps). Where `top`
 * isn't 0, the greatest v so far is kept there and divided by.
 */
export function adam(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  top: usize,
  n: i32,
  shrink: f64,
  decay: f64,
  b1: f64,
  b2: f64,
  rate: f64,
  correction: f64,
  eps: f64,
): void {
  const s = splat(shrink);
  const w = splat(decay);
  const keep1 = splat(b1);
  const new1 = splat(1 - b1);
  const keep2 = splat(b2);
  const new2 = splat(1 - b2);
  const r = splat(-rate);
  const c = splat(1 / correction);
  const e = splat(eps);
  const greatest = top != 0;
  for (; n > 0; ) {
    const whole = n >= 4;
    const x = f32x4.mul(s, get(p, whole));
    const d = madd(w, x, get(g, whole));
    const mean = madd(keep1, get(m, whole), f32x4.mul(new1, d));
    let square = madd(keep2, get(v, whole), f32x4.mul(f32x4.mul(new2, d), d));
    put(m, mean, whole);
    put(v, square, whole);
    if (greatest) {
      square = f32x4.max(square, get(top, whole));
      put(top, square, whole);
    }
    put(p, madd(r, f32x4.div(mean, madd(f32x4.sqrt(square), c, e)), x), whole);
    const step: usize = whole ? 16 : 4;
    n -= whole ? 4 : 1;
    p += step;
    g += step;
    m += step;
    v += step;
    if (greatest) top += step;
  }
}

// The same steps, telling statistics on the way: thirteen columns of a parameter's row at `row`. A block is summed up, updated
// and compared with what it was while it is in the cache. `scratch`: room for what parameterStatistics.ts works with, and a block.

export function sgdMeasured(p: usize, g: usize, n: i32, lr: f64, decay: f64, row: usize, wide: bool, scratch: usize): void {
  begin(scratch);
  let tells = true;
  for (let i = 0; i < n; i += BLOCK, p += BLOCK * 4, g += BLOCK * 4) {
    tells = addDescent(p, g, min(n - i, BLOCK), lr, decay, !tells, wide, scratch);
  }
  putRow(n, row, scratch);
}

export function sgdMomentumMeasured(
  p: usize,
  g: usize,
  v: usize,
  n: i32,
  lr: f64,
  decay: f64,
  momentum: f64,
  fresh: f64,
  nesterov: bool,
  row: usize,
  wide: bool,
  scratch: usize,
): void {
  begin(scratch);
  for (let i = 0; i < n; i += BLOCK, p += BLOCK * 4, g += BLOCK * 4, v += BLOCK * 4) {
    const length = min(n - i, BLOCK);
    addBlock(p, g, length, scratch + BEFORE, wide, scratch);
    sgdMomentum(p, g, v, length, lr, decay, momentum, fresh, nesterov);
    addChange(p, length, scratch);
  }
  putRow(n, row, scratch);
}

export function adamMeasured(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  top: usize,
  n: i32,
  shrink: f64,
  decay: f64,
  b1: f64,
  b2: f64,
  rate: f64,
  correction: f64,
  eps: f64,
  row: usize,
  wide: bool,
  scratch: usize,
): void {
  begin(scratch);
  for (let i = 0; i < n; i += BLOCK, p += BLOCK * 4, g += BLOCK * 4, m += BLOCK * 4, v += BLOCK * 4) {
    const length = min(n - i, BLOCK);
    addBlock(p, g, length, scratch + BEFORE, wide, scratch);
    adam(p, g, m, v, top, length, shrink, decay, b1, b2, rate, correction, eps);
    if (top != 0) top += BLOCK * 4;
    addChange(p, length, scratch);
  }
  putRow(n, row, scratch);
}
