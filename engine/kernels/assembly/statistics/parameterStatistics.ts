// What is said of a parameter at each step: of its gradient, of its weights before the update, of how far that moved them. An optimizer
// gathers it on its way, a block at a time; PARAMETER_STATISTICS in engine/run names the columns.
import { madd, total } from '../simd';
import { addExactly, BLOCK, blockDistance, exactDistance, told, trusted } from './statistics';

// What is gathered, from an address on. Of the gradient, then of the weights: Σx, Σx² and the number of elements that aren't finite, as
// float64.
const WEIGHTS: usize = 24;
const CHANGE: usize = 48;
const ZEROS: usize = 56;
/** Float32: the gradient's least and greatest, the weights'. Greatest ones with their sign turned, so that all four are least ones. */
const BOUNDS: usize = 64;

// A loop's accumulators, as pairs of vectors side by side: stored like this, V8's revectorizer makes them 256 bits wide.
const LANES: usize = 96;
const SUM: usize = LANES;
const SQUARES: usize = LANES + 32;
const WEIGHT_SUM: usize = LANES + 64;
const WEIGHT_SQUARES: usize = LANES + 96;
const LEAST: usize = LANES + 128;
const GREATEST: usize = LANES + 160;
const WEIGHT_LEAST: usize = LANES + 192;
const WEIGHT_GREATEST: usize = LANES + 224;
const ZERO_LANES: usize = LANES + 256;
const DISTANCE: usize = LANES + 288;
/** Σx² of the last block, of its gradient and of its weights, in single precision. */
const LAST: usize = LANES + 320;
/** Where a block of weights is kept as it was before its update. */
export const BEFORE: usize = LANES + 352;

/** Before the first block of a parameter. */
// @ts-ignore: decorator
@inline
export function begin(scratch: usize): void {
  const nought = f32x4.splat(0);
  v128.store(scratch, nought);
  v128.store(scratch, nought, 16);
  v128.store(scratch, nought, 32);
  v128.store(scratch, nought, 48);
  v128.store(scratch, f32x4.splat(Infinity), BOUNDS);
}

/**
 * Where an update moved a block by a smaller share of its weights than 2⁻¹⁸ (this is its square), how far is a matter of how each weight is
 * rounded, too (by 2⁻²⁵ of it at most), which the rate and the gradient alone don't tell. Above, they are wrong by 2⁻⁷ at most, and by far less
 * where roundings don't all go the same way.
 */
const LEAST_CHANGE: f64 = 1.4551915228366852e-11;

/**
 * The accumulators of `n` elements, a multiple of 8; the weights are copied to `before`. If it `updates`, p ← p + rate·g on the way, or if it
 * `decays` p ← p + rate·(g + decay·p), which is what gradient descent does; if it `follows` them, how far that moved them is summed up. Zeros are
 * counted in the gradient alone. `pairs`: two vectors at a time, for which 128 bits have too few registers.
 */
// @ts-ignore: decorator
@inline
function gather(
  p: usize,
  g: usize,
  n: i32,
  before: usize,
  rate: v128,
  decay: v128,
  scratch: usize,
  updates: bool,
  decays: bool,
  follows: bool,
  pairs: bool,
): void {
  const nought = f32x4.splat(0);
  const infinity = f32x4.splat(Infinity);
  let sum0 = nought;
  let sum1 = nought;
  let squares0 = nought;
  let squares1 = nought;
  let zeros0 = nought;
  let zeros1 = nought;
  let least0 = infinity;
  let least1 = infinity;
  let greatest0 = f32x4.neg(infinity);
  let greatest1 = greatest0;
  let total0 = nought;
  let total1 = nought;
  let power0 = nought;
  let power1 = nought;
  let low0 = infinity;
  let low1 = infinity;
  let high0 = greatest0;
  let high1 = greatest0;
  let change0 = nought;
  let change1 = nought;
  const step: usize = pairs ? 32 : 16;
  for (const end = p + ((<usize>n) << 2); p < end; p += step, g += step, before += step) {
    const a = v128.load(g);
    const b = pairs ? v128.load(g, 16) : a;
    const c = v128.load(p);
    const d = pairs ? v128.load(p, 16) : c;
    v128.store(before, c);
    if (pairs) v128.store(before, d, 16);
    sum0 = f32x4.add(sum0, a);
    if (pairs) sum1 = f32x4.add(sum1, b);
    squares0 = madd(a, a, squares0);
    if (pairs) squares1 = madd(b, b, squares1);
    zeros0 = i32x4.sub(zeros0, f32x4.eq(a, nought));
    if (pairs) zeros1 = i32x4.sub(zeros1, f32x4.eq(b, nought));
    least0 = f32x4.pmin(least0, a);
    if (pairs) least1 = f32x4.pmin(least1, b);
    greatest0 = f32x4.pmax(greatest0, a);
    if (pairs) greatest1 = f32x4.pmax(greatest1, b);
    total0 = f32x4.add(total0, c);
    if (pairs) total1 = f32x4.add(total1, d);
    power0 = madd(c, c, power0);
    if (pairs) power1 = madd(d, d, power1);
    low0 = f32x4.pmin(low0, c);
    if (pairs) low1 = f32x4.pmin(low1, d);
    high0 = f32x4.pmax(high0, c);
    if (pairs) high1 = f32x4.pmax(high1, d);
    if (updates) {
      const y0 = madd(rate, decays ? madd(decay, c, a) : a, c);
      const y1 = pairs ? madd(rate, decays ? madd(decay, d, b) : b, d) : y0;
      v128.store(p, y0);
      if (pairs) v128.store(p, y1, 16);
      if (follows) {
        const moved0 = f32x4.sub(y0, c);
        const moved1 = pairs ? f32x4.sub(y1, d) : moved0;
        change0 = madd(moved0, moved0, change0);
        if (pairs) change1 = madd(moved1, moved1, change1);
      }
    }
  }
  v128.store(scratch, sum0, SUM);
  v128.store(scratch, sum1, SUM + 16);
  v128.store(scratch, squares0, SQUARES);
  v128.store(scratch, squares1, SQUARES + 16);
  v128.store(scratch, total0, WEIGHT_SUM);
  v128.store(scratch, total1, WEIGHT_SUM + 16);
  v128.store(scratch, power0, WEIGHT_SQUARES);
  v128.store(scratch, power1, WEIGHT_SQUARES + 16);
  v128.store(scratch, least0, LEAST);
  v128.store(scratch, least1, LEAST + 16);
  v128.store(scratch, greatest0, GREATEST);
  v128.store(scratch, greatest1, GREATEST + 16);
  v128.store(scratch, low0, WEIGHT_LEAST);
  v128.store(scratch, low1, WEIGHT_LEAST + 16);
  v128.store(scratch, high0, WEIGHT_GREATEST);
  v128.store(scratch, high1, WEIGHT_GREATEST + 16);
  v128.store(scratch, zeros0, ZERO_LANES);
  v128.store(scratch, zeros1, ZERO_LANES + 16);
  if (follows) {
    v128.store(scratch, change0, DISTANCE);
    v128.store(scratch, change1, DISTANCE + 16);
  }
}

// A function each: V8 lays registers out for one at a time.
function look(p: usize, g: usize, n: i32, before: usize, scratch: usize): void {
  const nought = f32x4.splat(0);
  gather(p, g, n, before, nought, nought, scratch, false, false, false, false);
}
function lookWide(p: usize, g: usize, n: i32, before: usize, scratch: usize): void {
  const nought = f32x4.splat(0);
  gather(p, g, n, before, nought, nought, scratch, false, false, false, true);
}
function descend(p: usize, g: usize, n: i32, rate: f32, scratch: usize): void {
  gather(p, g, n, scratch + BEFORE, f32x4.splat(rate), f32x4.splat(0), scratch, true, false, false, false);
}
function descendWide(p: usize, g: usize, n: i32, rate: f32, scratch: usize): void {
  gather(p, g, n, scratch + BEFORE, f32x4.splat(rate), f32x4.splat(0), scratch, true, false, false, true);
}
function follow(p: usize, g: usize, n: i32, rate: f32, scratch: usize): void {
  gather(p, g, n, scratch + BEFORE, f32x4.splat(rate), f32x4.splat(0), scratch, true, false, true, false);
}
function followWide(p: usize, g: usize, n: i32, rate: f32, scratch: usize): void {
  gather(p, g, n, scratch + BEFORE, f32x4.splat(rate), f32x4.splat(0), scratch, true, false, true, true);
}
function shrink(p: usize, g: usize, n: i32, rate: f32, decay: f32, scratch: usize): void {
  gather(p, g, n, scratch + BEFORE, f32x4.splat(rate), f32x4.splat(decay), scratch, true, true, true, false);
}
function shrinkWide(p: usize, g: usize, n: i32, rate: f32, decay: f32, scratch: usize): void {
  gather(p, g, n, scratch + BEFORE, f32x4.splat(rate), f32x4.splat(decay), scratch, true, true, true, true);
}

/** Both vectors of an accumulator as one, by what joins them. */
// @ts-ignore: decorator
@inline
function sumAt(at: usize): v128 {
  return f32x4.add(v128.load(at), v128.load(at, 16));
}
// @ts-ignore: decorator
@inline
function leastAt(at: usize): v128 {
  return f32x4.pmin(v128.load(at), v128.load(at, 16));
}
/** The greatest, with its sign turned. */
// @ts-ignore: decorator
@inline
function greatestAt(at: usize): v128 {
  return f32x4.neg(f32x4.pmax(v128.load(at), v128.load(at, 16)));
}

/** The sums of four vectors. */
// @ts-ignore: decorator
@inline
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** The least elements of four vectors. */
// @ts-ignore: decorator
@inline
function leastOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.pmin(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.pmin(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.pmin(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** Adds a block that has been gathered: its accumulators, and the last elements, which are no pair of vectors. */
function addLanes(g: usize, before: usize, n: i32, scratch: usize): void {
  const totals = sums(
    sumAt(scratch + SUM),
    sumAt(scratch + SQUARES),
    sumAt(scratch + WEIGHT_SUM),
    sumAt(scratch + WEIGHT_SQUARES),
  );
  let bounds = leastOf(
    leastAt(scratch + LEAST),
    greatestAt(scratch + GREATEST),
    leastAt(scratch + WEIGHT_LEAST),
    greatestAt(scratch + WEIGHT_GREATEST),
  );
  let sum = f32x4.extract_lane(totals, 0);
  let squares = f32x4.extract_lane(totals, 1);
  let weights = f32x4.extract_lane(totals, 2);
  let weightSquares = f32x4.extract_lane(totals, 3);
  const noughts = i32x4.add(v128.load(scratch, ZERO_LANES), v128.load(scratch, ZERO_LANES + 16));
  const pairs = i32x4.add(noughts, v128.shuffle<i32>(noughts, noughts, 2, 3, 0, 1));
  let zeros = i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
  for (let i = n & ~7; i < n; i++) {
    const offset = (<usize>i) << 2;
    const x = load<f32>(g + offset);
    const w = load<f32>(before + offset);
    sum += x;
    squares += x * x;
    if (x == 0) zeros++;
    weights += w;
    weightSquares += w * w;
    const xs = f32x4.splat(x);
    const ws = f32x4.splat(w);
    const both = v128.shuffle<f32>(xs, ws, 0, 0, 4, 4);
    bounds = f32x4.pmin(bounds, v128.shuffle<f32>(both, f32x4.neg(both), 0, 5, 2, 7));
  }
  store<f32>(scratch, squares, LAST);
  store<f32>(scratch, weightSquares, LAST + 4);
  v128.store(scratch, f32x4.pmin(v128.load(scratch, BOUNDS), bounds), BOUNDS);
  store<f64>(scratch, load<f64>(scratch, ZEROS) + <f64>zeros, ZEROS);
  const at = scratch + WEIGHTS;
  add(g, n, sum, squares, f32x4.extract_lane(bounds, 0), f32x4.extract_lane(bounds, 1), scratch);
  add(before, n, weights, weightSquares, f32x4.extract_lane(bounds, 2), f32x4.extract_lane(bounds, 3), at);
}

/** Adds the sums of `n` elements: those from single precision, in double where that won't do. `greatest` has its sign turned. */
// @ts-ignore: decorator
@inline
function add(x: usize, n: i32, sum: f32, squares: f32, least: f32, greatest: f32, at: usize): void {
  if (trusted(sum, squares, <f32>n)) {
    store<f64>(at, load<f64>(at) + <f64>sum);
    store<f64>(at, load<f64>(at, 8) + <f64>squares, 8);
  } else if (squares != 0 || least != 0 || greatest != 0) addExactly(x, n, at, at + 8, at + 16);
}

/**
 * Sums up a block of a parameter and of its gradient, at most `BLOCK` elements, and copies the weights to `before`.
 * @param wide Whether two vectors side by side are one of 256 bits.
 */
export function addBlock(p: usize, g: usize, n: i32, before: usize, wide: bool, scratch: usize): void {
  const whole = n & ~7;
  if (wide) lookWide(p, g, whole, before, scratch);
  else look(p, g, whole, before, scratch);
  for (let i = whole; i < n; i++) store<f32>(before + ((<usize>i) << 2), load<f32>(p + ((<usize>i) << 2)));
  addLanes(g, before, n, scratch);
}

/** After the update of a block: how far it moved. */
export function addChange(p: usize, n: i32, scratch: usize): void {
  addSquares(blockDistance(p, scratch + BEFORE, n, scratch + DISTANCE), scratch);
}

// @ts-ignore: decorator
@inline
function addSquares(squares: f64, scratch: usize): void {
  store<f64>(scratch, load<f64>(scratch, CHANGE) + squares, CHANGE);
}

/**
 * The same of a block and a step of gradient descent, p ← p − lr·(g + decay·p), all in one pass.
 * @param follows Whether how far weights moved is to be summed up; without decay the gradient tells, too, where that isn't too little.
 * @returns Whether it did, and probably does of the next block.
 */
export function addDescent(
  p: usize,
  g: usize,
  n: i32,
  lr: f64,
  decay: f64,
  follows: bool,
  wide: bool,
  scratch: usize,
): bool {
  const whole = n & ~7;
  const rate = <f32>-lr;
  const part = <f32>decay;
  const decays = decay != 0;
  if (decays) {
    if (wide) shrinkWide(p, g, whole, rate, part, scratch);
    else shrink(p, g, whole, rate, part, scratch);
  } else if (follows) {
    if (wide) followWide(p, g, whole, rate, scratch);
    else follow(p, g, whole, rate, scratch);
  } else if (wide) descendWide(p, g, whole, rate, scratch);
  else descend(p, g, whole, rate, scratch);
  const before = scratch + BEFORE;
  let last: f32 = 0;
  for (let i = whole; i < n; i++) {
    const offset = (<usize>i) << 2;
    const x = v128.load_zero<f32>(p + offset);
    const slope = v128.load_zero<f32>(g + offset);
    const y = madd(f32x4.splat(rate), decays ? madd(f32x4.splat(part), x, slope) : slope, x);
    const change = f32x4.extract_lane(f32x4.sub(y, x), 0);
    v128.store_lane<f32>(before + offset, x, 0);
    v128.store_lane<f32>(p + offset, y, 0);
    last += change * change;
  }
  addLanes(g, before, n, scratch);
  const gradient = load<f32>(scratch, LAST);
  const change = lr * lr * <f64>gradient;
  const tells = !decays && told(gradient) && change >= LEAST_CHANGE * <f64>load<f32>(scratch, LAST + 4);
  if (decays || follows) {
    const squares = total(sumAt(scratch + DISTANCE)) + last;
    addSquares(told(squares) ? <f64>squares : exactDistance(p, before, n), scratch);
  } else addSquares(tells ? change : blockDistance(p, before, n, scratch + DISTANCE), scratch);
  return tells;
}

/** The first thirteen columns of the row of a parameter of `n` elements that have been gathered, as float32 at `row`. */
export function putRow(n: i32, row: usize, scratch: usize): void {
  const share = f64x2.splat(1 / <f64>n);
  const gradient = v128.load(scratch);
  const weights = v128.load(scratch, WEIGHTS);
  const squares = v128.shuffle<f64>(gradient, weights, 1, 3);
  const means = f64x2.mul(v128.shuffle<f64>(gradient, weights, 0, 2), share);
  const variances = f64x2.sub(f64x2.mul(squares, share), f64x2.mul(means, means));
  const norms = f32x4.demote_f64x2_zero(f64x2.sqrt(squares));
  // a variance that isn't a number stays none
  const positive = v128.bitselect(f64x2.splat(0), variances, f64x2.lt(variances, f64x2.splat(0)));
  const deviations = f32x4.demote_f64x2_zero(f64x2.sqrt(positive));
  const centres = f32x4.demote_f64x2_zero(means);
  const bounds = v128.load(scratch, BOUNDS);
  // norm, mean, deviation, least, greatest
  v128.store_lane<f32>(row, norms, 0);
  v128.store_lane<f32>(row, centres, 0, 4);
  v128.store_lane<f32>(row, deviations, 0, 8);
  v128.store_lane<f32>(row, bounds, 0, 12);
  v128.store_lane<f32>(row, f32x4.neg(bounds), 1, 16);
  store<f32>(row, <f32>(load<f64>(scratch, ZEROS) / <f64>n), 20);
  store<f32>(row, <f32>load<f64>(scratch, 16), 24);
  v128.store_lane<f32>(row, norms, 1, 28);
  v128.store_lane<f32>(row, centres, 1, 32);
  v128.store_lane<f32>(row, deviations, 1, 36);
  v128.store_lane<f32>(row, bounds, 2, 40);
  v128.store_lane<f32>(row, f32x4.neg(bounds), 3, 44);
  store<f32>(row, <f32>sqrt<f64>(load<f64>(scratch, CHANGE)), 48);
}

/** The first thirteen columns of the row of a parameter that isn't being updated; the last of them is NaN. The weights are copied to `before`. */
export function measureParameter(p: usize, g: usize, before: usize, n: i32, row: usize, wide: bool, scratch: usize): void {
  begin(scratch);
  store<f64>(scratch, NaN, CHANGE);
  for (let i = 0; i < n; i += BLOCK) {
    const offset = (<usize>i) << 2;
    addBlock(p + offset, g + offset, min(n - i, BLOCK), before + offset, wide, scratch);
  }
  putRow(n, row, scratch);
}
