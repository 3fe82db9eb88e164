// One step of a gated recurrence for n sequences of `width` features; see engine/kernels/reference/recurrent.ts, where the
// formulas are. Rows may end in the middle of a vector: reading on is harmless, writing on is not.
import { sigmoid, tanh } from '../pointwise/functions';
import { madd } from '../simd';

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
function one(): v128 {
  return f32x4.splat(1);
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
  return mul(s, f32x4.sub(one(), s));
}

/** 1 − t². */
// @ts-ignore: decorator
@inline
function tanhSlope(t: v128): v128 {
  return mul(f32x4.sub(one(), t), f32x4.add(one(), t));
}

export function lstmMemory(gates: usize, c: usize, out: usize, n: i32, width: i32): void {
  const block = <usize>width << 2;
  for (; n > 0; n--, gates += 4 * block)
    for (let j = 0; j < width; j += 4) {
      const at = gates + (j << 2);
      const input = sigmoid(v128.load(at));
      const forget = sigmoid(v128.load(at + block));
      const cell = tanh(v128.load(at + 2 * block));
      const left = min(4, width - j);
      put(out, madd(forget, v128.load(c), mul(input, cell)), left);
      c += left << 2;
      out += left << 2;
    }
}

export function lstmMemoryBackward(g: usize, gates: usize, c: usize, out: usize, n: i32, width: i32): void {
  const block = <usize>width << 2;
  let state = out + <usize>n * 4 * block;
  const zero = f32x4.splat(0);
  for (; n > 0; n--, gates += 4 * block, out += 4 * block)
    for (let j = 0; j < width; j += 4) {
      const at = gates + (j << 2);
      const to = out + (j << 2);
      const input = sigmoid(v128.load(at));
      const forget = sigmoid(v128.load(at + block));
      const cell = tanh(v128.load(at + 2 * block));
      const incoming = v128.load(g);
      const left = min(4, width - j);
      put(to, mul(mul(incoming, cell), sigmoidSlope(input)), left);
      put(to + block, mul(mul(incoming, v128.load(c)), sigmoidSlope(forget)), left);
      put(to + 2 * block, mul(mul(incoming, input), tanhSlope(cell)), left);
      put(to + 3 * block, zero, left);
      put(state, mul(incoming, forget), left);
      g += left << 2;
      c += left << 2;
      state += left << 2;
    }
}

export function lstmHidden(gates: usize, c: usize, out: usize, n: i32, width: i32): void {
  const block = <usize>width << 2;
  for (; n > 0; n--, gates += 4 * block)
    for (let j = 0; j < width; j += 4) {
      const left = min(4, width - j);
      put(out, mul(sigmoid(v128.load(gates + 3 * block + (j << 2))), tanh(v128.load(c))), left);
      c += left << 2;
      out += left << 2;
    }
}

export function lstmHiddenBackward(g: usize, gates: usize, c: usize, out: usize, n: i32, width: i32): void {
  const block = <usize>width << 2;
  let state = out + <usize>n * 4 * block;
  for (; n > 0; n--, gates += 4 * block, out += 4 * block) {
    memory.fill(out, 0, 3 * block);
    for (let j = 0; j < width; j += 4) {
      const gate = sigmoid(v128.load(gates + 3 * block + (j << 2)));
      const squashed = tanh(v128.load(c));
      const incoming = v128.load(g);
      const left = min(4, width - j);
      put(out + 3 * block + (j << 2), mul(mul(incoming, squashed), sigmoidSlope(gate)), left);
      put(state, mul(mul(incoming, gate), tanhSlope(squashed)), left);
      g += left << 2;
      c += left << 2;
      state += left << 2;
    }
  }
}

export function gruStep(x: usize, h: usize, before: usize, out: usize, n: i32, width: i32): void {
  const block = <usize>width << 2;
  for (; n > 0; n--, x += 3 * block, h += 3 * block)
    for (let j = 0; j < width; j += 4) {
      const a = x + (j << 2);
      const b = h + (j << 2);
      const reset = sigmoid(f32x4.add(v128.load(a), v128.load(b)));
      const update = sigmoid(f32x4.add(v128.load(a + block), v128.load(b + block)));
      const next = tanh(madd(reset, v128.load(b + 2 * block), v128.load(a + 2 * block)));
      const left = min(4, width - j);
      put(out, madd(update, f32x4.sub(v128.load(before), next), next), left);
      before += left << 2;
      out += left << 2;
    }
}

export function gruStepBackward(
  g: usize,
  x: usize,
  h: usize,
  before: usize,
  out: usize,
  n: i32,
  width: i32,
): void {
  const block = <usize>width << 2;
  let state = out + <usize>n * 3 * block;
  let earlier = out + <usize>n * 6 * block;
  for (; n > 0; n--, x += 3 * block, h += 3 * block, out += 3 * block, state += 3 * block)
    for (let j = 0; j < width; j += 4) {
      const a = x + (j << 2);
      const b = h + (j << 2);
      const to = out + (j << 2);
      const also = state + (j << 2);
      const inner = v128.load(b + 2 * block);
      const reset = sigmoid(f32x4.add(v128.load(a), v128.load(b)));
      const update = sigmoid(f32x4.add(v128.load(a + block), v128.load(b + block)));
      const next = tanh(madd(reset, inner, v128.load(a + 2 * block)));
      const incoming = v128.load(g);
      const forNext = mul(mul(incoming, f32x4.sub(one(), update)), tanhSlope(next));
      const forReset = mul(mul(forNext, inner), sigmoidSlope(reset));
      const forUpdate = mul(mul(incoming, f32x4.sub(v128.load(before), next)), sigmoidSlope(update));
      const left = min(4, width - j);
      put(to, forReset, left);
      put(to + block, forUpdate, left);
      put(to + 2 * block, forNext, left);
      put(also, forReset, left);
      put(also + block, forUpdate, left);
      put(also + 2 * block, mul(forNext, reset), left);
      put(earlier, mul(incoming, update), left);
      g += left << 2;
      before += left << 2;
      earlier += left << 2;
    }
}
