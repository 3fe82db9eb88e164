// What is said of a tensor at each step, in one pass over its elements.
import { madd } from '../simd';

/**
 * So many elements are summed in single precision before their sum goes into a double: eight lanes add up 256 each, whose
 * error is some 1e-6 of the sum of magnitudes. With weights, gradient and a copy they fit into the first-level cache.
 */
export const BLOCK: i32 = 2048;

/** A sum of squares below this may have lost what underflowed: a square is subnormal from 1e-38 on. */
const LEAST_SQUARES: f32 = 1e-29;
/** Where the variance is a smaller share of the mean's square than this, single precision can't tell it. */
const LEAST_VARIANCE: f32 = 1e-3;

// The sums of a tensor, as float64 from an address on: Σx, Σx², least, greatest, zeros, non-finite.
const SQUARES: usize = 8;
const LEAST: usize = 16;
const GREATEST: usize = 24;
const ZEROS: usize = 32;
const NON_FINITE: usize = 40;
const SUMS: usize = 48;

// A loop's accumulators, as pairs of vectors side by side: stored like this, V8's revectorizer makes them 256 bits wide.
const LANES: usize = 160;

function emptySums(sums: usize): void {
  store<f64>(sums, 0);
  store<f64>(sums, 0, SQUARES);
  store<f64>(sums, Infinity, LEAST);
  store<f64>(sums, -Infinity, GREATEST);
  store<f64>(sums, 0, ZEROS);
  store<f64>(sums, 0, NON_FINITE);
}

/**
 * Σx, Σx², least, greatest, the number of zeros and that of elements that aren't finite, as six float64 at `sums`, with
 * room for ten vectors behind them. NaN elements count in no comparison, so the sums show them, and least and greatest don't.
 */
export function measure(x: usize, n: i32, sums: usize): void {
  emptySums(sums);
  for (; n > 0; n -= BLOCK, x += BLOCK * 4) {
    const length = min(n, BLOCK);
    sumUp(x, length & ~7, sums + SUMS);
    addLanes(x, length, sums + SUMS, sums);
  }
}

/** The accumulators of `n` elements, a multiple of 8. */
function sumUp(x: usize, n: i32, lanes: usize): void {
  const nought = f32x4.splat(0);
  let sum0 = nought;
  let sum1 = nought;
  let squares0 = nought;
  let squares1 = nought;
  let zeros0 = nought;
  let zeros1 = nought;
  let least0 = f32x4.splat(Infinity);
  let least1 = least0;
  let greatest0 = f32x4.splat(-Infinity);
  let greatest1 = greatest0;
  for (const end = x + ((<usize>n) << 2); x < end; x += 32) {
    const a = v128.load(x);
    const b = v128.load(x, 16);
    sum0 = f32x4.add(sum0, a);
    sum1 = f32x4.add(sum1, b);
    squares0 = madd(a, a, squares0);
    squares1 = madd(b, b, squares1);
    zeros0 = i32x4.sub(zeros0, f32x4.eq(a, nought));
    zeros1 = i32x4.sub(zeros1, f32x4.eq(b, nought));
    least0 = f32x4.pmin(least0, a);
    least1 = f32x4.pmin(least1, b);
    greatest0 = f32x4.pmax(greatest0, a);
    greatest1 = f32x4.pmax(greatest1, b);
  }
  v128.store(lanes, sum0);
  v128.store(lanes, sum1, 16);
  v128.store(lanes, squares0, 32);
  v128.store(lanes, squares1, 48);
  v128.store(lanes, least0, 64);
  v128.store(lanes, least1, 80);
  v128.store(lanes, greatest0, 96);
  v128.store(lanes, greatest1, 112);
  v128.store(lanes, zeros0, 128);
  v128.store(lanes, zeros1, 144);
}

// @ts-ignore: decorator
@inline
function across(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** Adds a block to `sums`: its accumulators and what is no whole pair of vectors. In double precision where single won't do. */
function addLanes(x: usize, n: i32, lanes: usize, sums: usize): void {
  let sum = across(f32x4.add(v128.load(lanes), v128.load(lanes, 16)));
  let squares = across(f32x4.add(v128.load(lanes, 32), v128.load(lanes, 48)));
  const small = f32x4.pmin(v128.load(lanes, 64), v128.load(lanes, 80));
  const large = f32x4.pmax(v128.load(lanes, 96), v128.load(lanes, 112));
  const noughts = i32x4.add(v128.load(lanes, 128), v128.load(lanes, 144));
  let least = min(
    min(f32x4.extract_lane(small, 0), f32x4.extract_lane(small, 1)),
    min(f32x4.extract_lane(small, 2), f32x4.extract_lane(small, 3)),
  );
  let greatest = max(
    max(f32x4.extract_lane(large, 0), f32x4.extract_lane(large, 1)),
    max(f32x4.extract_lane(large, 2), f32x4.extract_lane(large, 3)),
  );
  let zeros =
    i32x4.extract_lane(noughts, 0) +
    i32x4.extract_lane(noughts, 1) +
    i32x4.extract_lane(noughts, 2) +
    i32x4.extract_lane(noughts, 3);
  for (let i = n & ~7; i < n; i++) {
    const v = load<f32>(x + ((<usize>i) << 2));
    sum += v;
    squares += v * v;
    if (v < least) least = v;
    if (v > greatest) greatest = v;
    if (v == 0) zeros++;
  }
  store<f64>(sums, load<f64>(sums, ZEROS) + <f64>zeros, ZEROS);
  if (<f64>least < load<f64>(sums, LEAST)) store<f64>(sums, <f64>least, LEAST);
  if (<f64>greatest > load<f64>(sums, GREATEST)) store<f64>(sums, <f64>greatest, GREATEST);
  if (trusted(sum, squares, <f32>n) || (least == 0 && greatest == 0 && squares == 0)) {
    store<f64>(sums, load<f64>(sums) + <f64>sum);
    store<f64>(sums, load<f64>(sums, SQUARES) + <f64>squares, SQUARES);
  } else addExactly(x, n, sums, sums + SQUARES, sums + NON_FINITE);
}

/** Σx, Σx² and the number of elements that aren't finite, in double precision, added to what is there. */
export function addExactly(x: usize, n: i32, sumAt: usize, squaresAt: usize, nonFiniteAt: usize): void {
  let s = f64x2.splat(0);
  let q = s;
  let nonFinite = 0;
  const greatest = f32x4.splat(f32.MAX_VALUE);
  for (; n >= 4; n -= 4, x += 16) {
    const v = v128.load(x);
    const low = f64x2.promote_low_f32x4(v);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
    s = f64x2.add(s, f64x2.add(low, high));
    q = f64x2.add(q, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
    nonFinite += 4 - popcnt<i32>(i32x4.bitmask(f32x4.le(f32x4.abs(v), greatest)));
  }
  let sum = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  let squares = f64x2.extract_lane(q, 0) + f64x2.extract_lane(q, 1);
  for (; n > 0; n--, x += 4) {
    const v = <f64>load<f32>(x);
    sum += v;
    squares += v * v;
    if (!(abs(v) <= f64.MAX_VALUE)) nonFinite++;
  }
  store<f64>(sumAt, load<f64>(sumAt) + sum);
  store<f64>(squaresAt, load<f64>(squaresAt) + squares);
  store<f64>(nonFiniteAt, load<f64>(nonFiniteAt) + <f64>nonFinite);
}

/** Whether a sum of squares in single precision can be relied on. */
// @ts-ignore: decorator
@inline
export function told(squares: f32): bool {
  return squares >= LEAST_SQUARES && squares <= f32.MAX_VALUE;
}

/** The same, and whether the variance can be told from a sum and a sum of squares of `n` elements. */
// @ts-ignore: decorator
@inline
export function trusted(sum: f32, squares: f32, n: f32): bool {
  const mean = sum / n;
  return told(squares) && squares / n - mean * mean >= LEAST_VARIANCE * mean * mean;
}

/** Σ(a − b)² over at most `BLOCK` elements. */
export function blockDistance(a: usize, b: usize, n: i32, lanes: usize): f64 {
  let squares0 = f32x4.splat(0);
  let squares1 = squares0;
  let squares2 = squares0;
  let squares3 = squares0;
  const whole = n & ~15;
  const end = a + ((<usize>whole) << 2);
  let at = a;
  let other = b;
  for (; at < end; at += 64, other += 64) {
    const d0 = f32x4.sub(v128.load(at), v128.load(other));
    const d1 = f32x4.sub(v128.load(at, 16), v128.load(other, 16));
    const d2 = f32x4.sub(v128.load(at, 32), v128.load(other, 32));
    const d3 = f32x4.sub(v128.load(at, 48), v128.load(other, 48));
    squares0 = madd(d0, d0, squares0);
    squares1 = madd(d1, d1, squares1);
    squares2 = madd(d2, d2, squares2);
    squares3 = madd(d3, d3, squares3);
  }
  v128.store(lanes, f32x4.add(squares0, squares2));
  v128.store(lanes, f32x4.add(squares1, squares3), 16);
  let squares = across(f32x4.add(v128.load(lanes), v128.load(lanes, 16)));
  for (let i = whole; i < n; i++, at += 4, other += 4) {
    const d = load<f32>(at) - load<f32>(other);
    squares += d * d;
  }
  return told(squares) ? <f64>squares : exactDistance(a, b, n);
}

/** The same in double precision: of updates so small that their squares underflow, or of none at all. */
export function exactDistance(a: usize, b: usize, n: i32): f64 {
  let s = f64x2.splat(0);
  for (; n >= 4; n -= 4, a += 16, b += 16) {
    const d = f32x4.sub(v128.load(a), v128.load(b));
    const low = f64x2.promote_low_f32x4(d);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(d, d, 2, 3, 2, 3));
    s = f64x2.add(s, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
  }
  let result = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; n > 0; n--, a += 4, b += 4) {
    const d = <f64>load<f32>(a) - <f64>load<f32>(b);
    result += d * d;
  }
  return result;
}

/** Σ(a − b)². `lanes`: room for two vectors. */
export function squaredDistance(a: usize, b: usize, n: i32, lanes: usize): f64 {
  let squares: f64 = 0;
  for (; n > 0; n -= BLOCK, a += BLOCK * 4, b += BLOCK * 4) squares += blockDistance(a, b, min(n, BLOCK), lanes);
  return squares;
}

/** Where four counters of each exponent stand side by side, elements in turn: one alone would wait for itself. */
const TABLE: usize = 1024;

/**
 * How many elements have each exponent, as 256 uint32 at `counts` (with room for as many three times more): zeros, and what is
 * too small for its exponent, in the first, what isn't finite in the last.
 */
export function magnitudes(x: usize, n: i32, counts: usize): void {
  const several = n >= 1024;
  memory.fill(counts, 0, several ? 4 * TABLE : TABLE);
  if (several) {
    for (; n >= 4; n -= 4, x += 16) {
      count(x, counts);
      count(x + 4, counts + TABLE);
      count(x + 8, counts + 2 * TABLE);
      count(x + 12, counts + 3 * TABLE);
    }
    for (let at = counts, end = counts + TABLE; at < end; at += 16) {
      const low = i32x4.add(v128.load(at), v128.load(at, 1024));
      v128.store(at, i32x4.add(low, i32x4.add(v128.load(at, 2048), v128.load(at, 3072))));
    }
  }
  for (; n > 0; n--, x += 4) count(x, counts);
}

// @ts-ignore: decorator
@inline
function count(x: usize, counts: usize): void {
  const at = counts + ((load<u32>(x) >>> 21) & 1020);
  store<u32>(at, load<u32>(at) + 1);
}
