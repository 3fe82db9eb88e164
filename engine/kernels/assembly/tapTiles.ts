// The innermost loops of convolutions: tiles, as in tiles.ts, of the product of a weight with what its taps read. The rows of that
// are found through a table of offsets, and begin anywhere; positions go by octets (octets.ts).
import { madd } from './simd';
import { turnRows } from './floats';

/**
 * Rows of the tile at row i of m: one alone; otherwise sixes, as the most is made of the registers by them, but for the last wide
 * ones, which are fours where less is left over then.
 */
// @ts-ignore: decorator
@inline
export function tileHeight(i: i32, m: i32, wide: bool): i32 {
  if (m == 1) return 1;
  const left = m - i;
  return wide && (left <= 4 || left == 7 || left == 8) ? 4 : 6;
}

/** Rows up to whole tiles. */
export function padRows(m: i32, wide: bool): i32 {
  let i = 0;
  while (i < m) i += tileHeight(i, m, wide);
  return i;
}

/**
 * m rows of k floats in the order in which tiles read them: [tile][k][row of the tile], zeros for the rows that are missing. `stride`:
 * elements from row to row.
 */
export function packRows(from: usize, stride: i32, m: i32, k: i32, to: usize, wide: bool): void {
  const line = <usize>stride << 2;
  memory.fill(to, 0, <usize>(padRows(m, wide) * k) << 2);
  for (let i = 0; i < m; ) {
    const height = tileHeight(i, m, wide);
    const here = min(height, m - i);
    turnRows(from, line, here, to, height, k);
    from += <usize>height * line;
    to += <usize>(height * k) << 2;
    i += height;
  }
}

/** Octets that are computed for all rows before the next: what they read stays in the first cache. */
const BLOCK: i32 = 8;

/**
 * result[m, positions] = rows · what the taps read + start, by octets. `rows` is from `packRows`, `start` has a value for each of
 * them; rows of the result are `line` bytes apart. `edge`: room for a tile.
 */
// @ts-ignore: decorator
@inline
export function tapProduct(
  rows: usize,
  start: usize,
  m: i32,
  base: usize,
  table: usize,
  k: i32,
  octets: usize,
  count: i32,
  result: usize,
  line: usize,
  edge: usize,
  wide: bool,
): void {
  if (m == 1) {
    for (let o = 0; o < count; o += 4) tile1x32(rows, start, base, octets + (o << 3), table, k, result);
    return;
  }
  const each = wide ? 2 : 1;
  for (let block = 0; block < count; block += BLOCK) {
    const last = min(block + BLOCK, count);
    for (let i = 0; i < m; ) {
      const height = tileHeight(i, m, wide);
      const panel = rows + (<usize>(i * k) << 2);
      const from = start + (i << 2);
      const here = min(height, m - i);
      for (let o = block; o < last; o += each) {
        const octet = octets + (o << 3);
        const whole = here == height;
        const to0 = result + <usize>i * line + load<u32>(octet, 4);
        const to1 = result + <usize>i * line + load<u32>(octet, 12);
        if (wide) {
          const b0 = base + load<u32>(octet);
          const b1 = base + load<u32>(octet, 8);
          if (height == 6) {
            if (whole) tile6x16(panel, from, b0, b1, table, k, to0, to1, line);
            else tile6x16(panel, from, b0, b1, table, k, edge, edge + 32, 64);
          } else if (whole) tile4x16(panel, from, b0, b1, table, k, to0, to1, line);
          else tile4x16(panel, from, b0, b1, table, k, edge, edge + 32, 64);
        } else {
          if (whole) tile6x8(panel, from, base + load<u32>(octet), table, k, to0, line);
          else tile6x8(panel, from, base + load<u32>(octet), table, k, edge, 64);
        }
        if (whole) continue;
        for (let r = 0; r < here; r++) {
          const tile = edge + (r << 6);
          const down = <usize>r * line;
          put(to0 + down, v128.load(tile), v128.load(tile, 16), f32x4.splat(0));
          if (wide) put(to1 + down, v128.load(tile, 32), v128.load(tile, 48), f32x4.splat(0));
        }
      }
      i += height;
    }
  }
}

/**
 * result[6, 16] = rows[k, 6]ᵀ · what the taps read at two octets + start[6]. Pairs of vectors are used alike, so that they can
 * become one. Not unrolled: then the sums just fit the registers.
 */
function tile6x16(rows: usize, start: usize, base0: usize, base1: usize, table: usize, k: i32, to0: usize, to1: usize, line: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c02 = c00;
  let c03 = c00;
  let c10 = c00;
  let c11 = c00;
  let c12 = c00;
  let c13 = c00;
  let c20 = c00;
  let c21 = c00;
  let c22 = c00;
  let c23 = c00;
  let c30 = c00;
  let c31 = c00;
  let c32 = c00;
  let c33 = c00;
  let c40 = c00;
  let c41 = c00;
  let c42 = c00;
  let c43 = c00;
  let c50 = c00;
  let c51 = c00;
  let c52 = c00;
  let c53 = c00;
  const end = table + (<usize>k << 2);
  for (; table < end; table += 4, rows += 24) {
    const at = load<u32>(table);
    const b0 = v128.load(base0 + at);
    const b1 = v128.load(base0 + at, 16);
    const b2 = v128.load(base1 + at);
    const b3 = v128.load(base1 + at, 16);
    let x = v128.load_splat<f32>(rows);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    c02 = madd(x, b2, c02);
    c03 = madd(x, b3, c03);
    x = v128.load_splat<f32>(rows, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    c12 = madd(x, b2, c12);
    c13 = madd(x, b3, c13);
    x = v128.load_splat<f32>(rows, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    c22 = madd(x, b2, c22);
    c23 = madd(x, b3, c23);
    x = v128.load_splat<f32>(rows, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    c32 = madd(x, b2, c32);
    c33 = madd(x, b3, c33);
    x = v128.load_splat<f32>(rows, 16);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    c42 = madd(x, b2, c42);
    c43 = madd(x, b3, c43);
    x = v128.load_splat<f32>(rows, 20);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    c52 = madd(x, b2, c52);
    c53 = madd(x, b3, c53);
  }
  put(to0, c00, c01, v128.load_splat<f32>(start));
  put(to1, c02, c03, v128.load_splat<f32>(start));
  to0 += line;
  to1 += line;
  put(to0, c10, c11, v128.load_splat<f32>(start, 4));
  put(to1, c12, c13, v128.load_splat<f32>(start, 4));
  to0 += line;
  to1 += line;
  put(to0, c20, c21, v128.load_splat<f32>(start, 8));
  put(to1, c22, c23, v128.load_splat<f32>(start, 8));
  to0 += line;
  to1 += line;
  put(to0, c30, c31, v128.load_splat<f32>(start, 12));
  put(to1, c32, c33, v128.load_splat<f32>(start, 12));
  to0 += line;
  to1 += line;
  put(to0, c40, c41, v128.load_splat<f32>(start, 16));
  put(to1, c42, c43, v128.load_splat<f32>(start, 16));
  to0 += line;
  to1 += line;
  put(to0, c50, c51, v128.load_splat<f32>(start, 20));
  put(to1, c52, c53, v128.load_splat<f32>(start, 20));
}

/** The same for result[4, 16]. */
function tile4x16(rows: usize, start: usize, base0: usize, base1: usize, table: usize, k: i32, to0: usize, to1: usize, line: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c02 = c00;
  let c03 = c00;
  let c10 = c00;
  let c11 = c00;
  let c12 = c00;
  let c13 = c00;
  let c20 = c00;
  let c21 = c00;
  let c22 = c00;
  let c23 = c00;
  let c30 = c00;
  let c31 = c00;
  let c32 = c00;
  let c33 = c00;
  const end = table + (<usize>k << 2);
  for (; table < end; table += 4, rows += 16) {
    const at = load<u32>(table);
    const b0 = v128.load(base0 + at);
    const b1 = v128.load(base0 + at, 16);
    const b2 = v128.load(base1 + at);
    const b3 = v128.load(base1 + at, 16);
    let x = v128.load_splat<f32>(rows);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    c02 = madd(x, b2, c02);
    c03 = madd(x, b3, c03);
    x = v128.load_splat<f32>(rows, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    c12 = madd(x, b2, c12);
    c13 = madd(x, b3, c13);
    x = v128.load_splat<f32>(rows, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    c22 = madd(x, b2, c22);
    c23 = madd(x, b3, c23);
    x = v128.load_splat<f32>(rows, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    c32 = madd(x, b2, c32);
    c33 = madd(x, b3, c33);
  }
  put(to0, c00, c01, v128.load_splat<f32>(start));
  put(to1, c02, c03, v128.load_splat<f32>(start));
  to0 += line;
  to1 += line;
  put(to0, c10, c11, v128.load_splat<f32>(start, 4));
  put(to1, c12, c13, v128.load_splat<f32>(start, 4));
  to0 += line;
  to1 += line;
  put(to0, c20, c21, v128.load_splat<f32>(start, 8));
  put(to1, c22, c23, v128.load_splat<f32>(start, 8));
  to0 += line;
  to1 += line;
  put(to0, c30, c31, v128.load_splat<f32>(start, 12));
  put(to1, c32, c33, v128.load_splat<f32>(start, 12));
}

/** The same for result[6, 8], one octet. */
function tile6x8(rows: usize, start: usize, base: usize, table: usize, k: i32, to: usize, line: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let c40 = c00;
  let c41 = c00;
  let c50 = c00;
  let c51 = c00;
  const end = table + (<usize>k << 2);
  for (; table < end; table += 4, rows += 24) {
    const b = base + load<u32>(table);
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(rows);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(rows, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(rows, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(rows, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load_splat<f32>(rows, 16);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load_splat<f32>(rows, 20);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
  }
  put(to, c00, c01, v128.load_splat<f32>(start));
  to += line;
  put(to, c10, c11, v128.load_splat<f32>(start, 4));
  to += line;
  put(to, c20, c21, v128.load_splat<f32>(start, 8));
  to += line;
  put(to, c30, c31, v128.load_splat<f32>(start, 12));
  to += line;
  put(to, c40, c41, v128.load_splat<f32>(start, 16));
  to += line;
  put(to, c50, c51, v128.load_splat<f32>(start, 20));
}

/** The same for one row and four octets. */
function tile1x32(rows: usize, start: usize, base: usize, octets: usize, table: usize, k: i32, to: usize): void {
  const base0 = base + load<u32>(octets);
  const base1 = base + load<u32>(octets, 8);
  const base2 = base + load<u32>(octets, 16);
  const base3 = base + load<u32>(octets, 24);
  let c0 = f32x4.splat(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  let c4 = c0;
  let c5 = c0;
  let c6 = c0;
  let c7 = c0;
  const end = table + (<usize>k << 2);
  for (; table < end; table += 4, rows += 4) {
    const at = load<u32>(table);
    const x = v128.load_splat<f32>(rows);
    c0 = madd(x, v128.load(base0 + at), c0);
    c1 = madd(x, v128.load(base0 + at, 16), c1);
    c2 = madd(x, v128.load(base1 + at), c2);
    c3 = madd(x, v128.load(base1 + at, 16), c3);
    c4 = madd(x, v128.load(base2 + at), c4);
    c5 = madd(x, v128.load(base2 + at, 16), c5);
    c6 = madd(x, v128.load(base3 + at), c6);
    c7 = madd(x, v128.load(base3 + at, 16), c7);
  }
  const s = v128.load_splat<f32>(start);
  put(to + load<u32>(octets, 4), c0, c1, s);
  put(to + load<u32>(octets, 12), c2, c3, s);
  put(to + load<u32>(octets, 20), c4, c5, s);
  put(to + load<u32>(octets, 28), c6, c7, s);
}

// @ts-ignore: decorator
@inline
function put(to: usize, left: v128, right: v128, start: v128): void {
  v128.store(to, f32x4.add(left, start));
  v128.store(to, f32x4.add(right, start), 16);
}
