// An LSTM over a whole sequence; see engine/kernels/reference/lstm.ts, where the formulas are. The weight is packed once for
// all steps. Rows may end in the middle of a vector: reading on is harmless, writing on is not.
import { tanh, sigmoid } from '../pointwise/functions';
import { multiplyPacked, packedBytes, packWhole } from '../matrix/gemm';
import { madd } from '../simd';

/** Bytes of scratch memory for a width. */
export function lstmScratch(width: i32): i32 {
  return max(packedBytes(width, 4 * width, true), packedBytes(4 * width, width, true));
}

/** Writes the first `count` lanes, or all four. */
// @ts-ignore: decorator
@inline
function put(to: usize, v: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, v);
    return;
  }
  v128.store_lane<f32>(to, v, 0);
  if (count > 1) v128.store_lane<f32>(to, v, 1, 4);
  if (count > 2) v128.store_lane<f32>(to, v, 2, 8);
}

// @ts-ignore: decorator
@inline
function mul(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

/** s·(1 − s). */
// @ts-ignore: decorator
@inline
function sigmoidSlope(s: v128): v128 {
  return mul(s, f32x4.sub(f32x4.splat(1), s));
}

/** 1 − t². */
// @ts-ignore: decorator
@inline
function tanhSlope(t: v128): v128 {
  const one = f32x4.splat(1);
  return mul(f32x4.sub(one, t), f32x4.add(one, t));
}

/** gates + bias, or the gates alone. */
// @ts-ignore: decorator
@inline
function shifted(gates: usize, bias: usize, by: usize): v128 {
  const v = v128.load(gates);
  return bias == 0 ? v : f32x4.add(v, v128.load(bias + by));
}

/** One step: `gates` become their functions. */
function cell(gates: usize, bias: usize, before: usize, c: usize, h: usize, n: i32, width: i32): void {
  const block = <usize>width << 2;
  for (; n > 0; n--, gates += 4 * block)
    for (let j = 0; j < width; j += 4) {
      const by = <usize>j << 2;
      const at = gates + by;
      const left = min(4, width - j);
      const input = sigmoid(shifted(at, bias, by));
      const forget = sigmoid(shifted(at + block, bias, by + block));
      const next = tanh(shifted(at + 2 * block, bias, by + 2 * block));
      const output = sigmoid(shifted(at + 3 * block, bias, by + 3 * block));
      const memory = madd(forget, v128.load(before), mul(input, next));
      put(at, input, left);
      put(at + block, forget, left);
      put(at + 2 * block, next, left);
      put(at + 3 * block, output, left);
      put(c, memory, left);
      put(h, mul(output, tanh(memory)), left);
      before += left << 2;
      c += left << 2;
      h += left << 2;
    }
}

/** Back through one step: `dh` and `dc` are what later steps give, and `dc` becomes what the one before gets. */
function cellBackward(
  g: usize,
  gates: usize,
  before: usize,
  c: usize,
  out: usize,
  dh: usize,
  dc: usize,
  n: i32,
  width: i32,
): void {
  const block = <usize>width << 2;
  for (; n > 0; n--, gates += 4 * block, out += 4 * block)
    for (let j = 0; j < width; j += 4) {
      const at = gates + (<usize>j << 2);
      const to = out + (<usize>j << 2);
      const left = min(4, width - j);
      const input = v128.load(at);
      const forget = v128.load(at + block);
      const next = v128.load(at + 2 * block);
      const output = v128.load(at + 3 * block);
      const squashed = tanh(v128.load(c));
      const incoming = f32x4.add(v128.load(g), v128.load(dh));
      const memory = madd(mul(incoming, output), tanhSlope(squashed), v128.load(dc));
      put(to, mul(mul(memory, next), sigmoidSlope(input)), left);
      put(to + block, mul(mul(memory, v128.load(before)), sigmoidSlope(forget)), left);
      put(to + 2 * block, mul(mul(memory, input), tanhSlope(next)), left);
      put(to + 3 * block, mul(mul(incoming, squashed), sigmoidSlope(output)), left);
      put(dc, mul(memory, forget), left);
      g += left << 2;
      before += left << 2;
      c += left << 2;
      dh += left << 2;
      dc += left << 2;
    }
}

/** `gates`: the inputs through their weights, [steps, n, 4·width]; `bias` 0 for none. */
export function lstm(
  gates: usize,
  weight: usize,
  bias: usize,
  h0: usize,
  c0: usize,
  out: usize,
  cells: usize,
  scratch: usize,
  steps: i32,
  n: i32,
  width: i32,
  backwards: bool,
  wide: bool,
): void {
  const state = <usize>(n * width) << 2;
  packWhole(weight, 1, width, width, 4 * width, scratch, wide);
  let h = h0;
  let c = c0;
  for (let s = 0; s < steps; s++) {
    const t: usize = backwards ? steps - 1 - s : s;
    const at = gates + 4 * t * state;
    multiplyPacked(h, scratch, at, n, width, 4 * width, true, wide);
    cell(at, bias, c, cells + t * state, out + t * state, n, width);
    h = out + t * state;
    c = cells + t * state;
  }
  memory.copy(out + <usize>steps * state, c, state);
}

/** `dh` and `dc`: zeros and the gradient of the last memory at first, those of h0 and c0 at last. */
export function lstmBackward(
  g: usize,
  gates: usize,
  weight: usize,
  c0: usize,
  cells: usize,
  dGates: usize,
  dh: usize,
  dc: usize,
  scratch: usize,
  steps: i32,
  n: i32,
  width: i32,
  backwards: bool,
  wide: bool,
): void {
  const state = <usize>(n * width) << 2;
  packWhole(weight, width, 1, 4 * width, width, scratch, wide);
  for (let s = steps - 1; s >= 0; s--) {
    const t: usize = backwards ? steps - 1 - s : s;
    const before = s == 0 ? c0 : backwards ? cells + (t + 1) * state : cells + (t - 1) * state;
    const to = dGates + 4 * t * state;
    cellBackward(g + t * state, gates + 4 * t * state, before, cells + t * state, to, dh, dc, n, width);
    multiplyPacked(to, scratch, dh, n, 4 * width, width, false, wide);
  }
}
