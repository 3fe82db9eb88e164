// The product of a weight with what its taps read, tile by tile (tapTiles.ts).
import { turnRows } from '../floats';
import { put, tile1x32, tile4x16, tile6x16, tile6x8 } from './tapTiles';

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
