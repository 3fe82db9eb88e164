// What is said of a tensor at each step, in one pass over its elements.
import { madd } from './simd';

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

// What a measured update works with, from an address on.
const WEIGHTS: usize = SUMS;
const GRADIENT_LANES: usize = 2 * SUMS;
const WEIGHT_LANES: usize = GRADIENT_LANES + LANES;
const DISTANCE_LANES: usize = WEIGHT_LANES + LANES;
const CHANGE: usize = DISTANCE_LANES + 32;
/** Where a block of weights is kept as it was before its update. */
export const BEFORE: usize = CHANGE + 32;

function emptySums(sums: usize): void {
  store<f64>(sums, 0);
  store<f64>(sums, 0, SQUARES);
  store<f64>(sums, Infinity, LEAST);
  store<f64>(sums, -Infinity, GREATEST);
  store<f64>(sums, 0, ZEROS);
  store<f64>(sums, 0, NON_FINITE);
}

/** Before the first block of a parameter. */
export function begin(scratch: usize): void {
  emptySums(scratch);
  emptySums(scratch + WEIGHTS);
  store<f64>(scratch, 0, CHANGE);
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

/**
 * The same of a gradient and its weights at once; the weights are copied to `before`, and zeros counted in the gradient
 * alone. Sixteen registers suffice for it where they are 256 bits wide.
 */
function sumUpBoth(p: usize, g: usize, n: i32, before: usize, gradient: usize, weights: usize): void {
  const nought = f32x4.splat(0);
  let sum0 = nought;
  let sum1 = nought;
  let squares0 = nought;
  let squares1 = nought;
  let zeros0 = nought;
  let zeros1 = nought;
  let total0 = nought;
  let total1 = nought;
  let power0 = nought;
  let power1 = nought;
  let least0 = f32x4.splat(Infinity);
  let least1 = least0;
  let greatest0 = f32x4.splat(-Infinity);
  let greatest1 = greatest0;
  let low0 = least0;
  let low1 = least0;
  let high0 = greatest0;
  let high1 = greatest0;
  for (const end = p + ((<usize>n) << 2); p < end; p += 32, g += 32, before += 32) {
    const a = v128.load(g);
    const b = v128.load(g, 16);
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
    const c = v128.load(p);
    const d = v128.load(p, 16);
    v128.store(before, c);
    v128.store(before, d, 16);
    total0 = f32x4.add(total0, c);
    total1 = f32x4.add(total1, d);
    power0 = madd(c, c, power0);
    power1 = madd(d, d, power1);
    low0 = f32x4.pmin(low0, c);
    low1 = f32x4.pmin(low1, d);
    high0 = f32x4.pmax(high0, c);
    high1 = f32x4.pmax(high1, d);
  }
  v128.store(gradient, sum0);
  v128.store(gradient, sum1, 16);
  v128.store(gradient, squares0, 32);
  v128.store(gradient, squares1, 48);
  v128.store(gradient, least0, 64);
  v128.store(gradient, least1, 80);
  v128.store(gradient, greatest0, 96);
  v128.store(gradient, greatest1, 112);
  v128.store(gradient, zeros0, 128);
  v128.store(gradient, zeros1, 144);
  v128.store(weights, total0);
  v128.store(weights, total1, 16);
  v128.store(weights, power0, 32);
  v128.store(weights, power1, 48);
  v128.store(weights, low0, 64);
  v128.store(weights, low1, 80);
  v128.store(weights, high0, 96);
  v128.store(weights, high1, 112);
  v128.store(weights, nought, 128);
  v128.store(weights, nought, 144);
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
  const meanSquare = squares / <f32>n;
  const mean = sum / <f32>n;
  const certain = told(squares) && meanSquare - mean * mean >= LEAST_VARIANCE * mean * mean;
  if (certain || (least == 0 && greatest == 0 && squares == 0)) {
    store<f64>(sums, load<f64>(sums) + <f64>sum);
    store<f64>(sums, load<f64>(sums, SQUARES) + <f64>squares, SQUARES);
  } else addExactly(x, n, sums);
}

/** Σx, Σx² and the number of elements that aren't finite, in double precision. */
function addExactly(x: usize, n: i32, sums: usize): void {
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
  store<f64>(sums, load<f64>(sums) + sum);
  store<f64>(sums, load<f64>(sums, SQUARES) + squares, SQUARES);
  store<f64>(sums, load<f64>(sums, NON_FINITE) + <f64>nonFinite, NON_FINITE);
}

/**
 * Sums up a block of a parameter and of its gradient, at most `BLOCK` elements, and copies the weights to `before`.
 * @param wide Whether two vectors side by side are one of 256 bits.
 */
export function addBlock(p: usize, g: usize, n: i32, before: usize, wide: bool, scratch: usize): void {
  const gradient = scratch + GRADIENT_LANES;
  const weights = scratch + WEIGHT_LANES;
  const whole = n & ~7;
  if (wide) {
    sumUpBoth(p, g, whole, before, gradient, weights);
    const rest = (<usize>whole) << 2;
    if (whole < n) memory.copy(before + rest, p + rest, ((<usize>n) << 2) - rest);
  } else {
    sumUp(g, whole, gradient);
    sumUp(p, whole, weights);
    memory.copy(before, p, (<usize>n) << 2);
  }
  addLanes(g, n, gradient, scratch);
  addLanes(p, n, weights, scratch + WEIGHTS);
}

/** After the update of a block: how far it moved. */
export function addChange(p: usize, n: i32, scratch: usize): void {
  addSquares(blockDistance(p, scratch + BEFORE, n, scratch + DISTANCE_LANES), scratch);
}

/** The same where the update has told the squares of its changes: two vectors, and what was no whole pair of them. */
export function addKnownChange(lanes0: v128, lanes1: v128, rest: f32, p: usize, n: i32, scratch: usize): void {
  v128.store(scratch + DISTANCE_LANES, lanes0);
  v128.store(scratch + DISTANCE_LANES, lanes1, 16);
  const lanes = f32x4.add(v128.load(scratch + DISTANCE_LANES), v128.load(scratch + DISTANCE_LANES, 16));
  const squares = across(lanes) + rest;
  addSquares(told(squares) ? <f64>squares : exactDistance(p, scratch + BEFORE, n), scratch);
}

function addSquares(squares: f64, scratch: usize): void {
  store<f64>(scratch, load<f64>(scratch, CHANGE) + squares, CHANGE);
}

// @ts-ignore: decorator
@inline
function putMoments(sums: usize, n: f64, row: usize): void {
  const squares = load<f64>(sums, SQUARES);
  const mean = load<f64>(sums) / n;
  const variance = squares / n - mean * mean;
  store<f32>(row, <f32>sqrt<f64>(squares));
  store<f32>(row, <f32>mean, 4);
  store<f32>(row, <f32>sqrt<f64>(variance < 0 ? 0 : variance), 8);
  store<f32>(row, <f32>load<f64>(sums, LEAST), 12);
  store<f32>(row, <f32>load<f64>(sums, GREATEST), 16);
}

/** The first thirteen columns of a parameter's row (`PARAMETER_STATISTICS` in engine/run), as float32 at `row`. */
export function putRow(n: i32, row: usize, scratch: usize): void {
  putMoments(scratch, <f64>n, row);
  store<f32>(row, <f32>(load<f64>(scratch, ZEROS) / <f64>n), 20);
  store<f32>(row, <f32>load<f64>(scratch, NON_FINITE), 24);
  putMoments(scratch + WEIGHTS, <f64>n, row + 28);
  store<f32>(row, <f32>sqrt<f64>(load<f64>(scratch, CHANGE)), 48);
}

/** The same of a parameter that isn't being updated, but for the last column, NaN, and a copy of its weights at `before`. */
export function measureParameter(p: usize, g: usize, before: usize, n: i32, row: usize, wide: bool, scratch: usize): void {
  begin(scratch);
  store<f64>(scratch, NaN, CHANGE);
  for (let i = 0; i < n; i += BLOCK) {
    const offset = (<usize>i) << 2;
    addBlock(p + offset, g + offset, min(n - i, BLOCK), before + offset, wide, scratch);
  }
  putRow(n, row, scratch);
}

/** Whether a sum of squares in single precision can be relied on. */
// @ts-ignore: decorator
@inline
function told(squares: f32): bool {
  return squares >= LEAST_SQUARES && squares <= f32.MAX_VALUE;
}

/** Σ(a − b)² over at most `BLOCK` elements. */
function blockDistance(a: usize, b: usize, n: i32, lanes: usize): f64 {
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
function exactDistance(a: usize, b: usize, n: i32): f64 {
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
