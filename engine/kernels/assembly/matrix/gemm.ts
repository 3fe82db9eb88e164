// General matrix multiplication in blocks that fit the caches (Goto & van de Geijn 2008): B is copied into panels as
// wide as a tile, A into tiles of rows unless it can be read where it lies and copying wouldn't pay, and a tile's sums stay in
// registers for a whole block of k (tiles.ts, packedTiles.ts).
import { packed4x16, packed6x8, packed6x16 } from './packedTiles';
import { matrixTileHeight, packLeft, packRight } from './packing';
import { row, tile4x8, tile4x16, tile6x8 } from './tiles';

/** Rows and columns of k that are worked on at a time: a panel of B stays in the first cache, a block of A in the second. */
const KC: i32 = 256;
const MC: i32 = 96;
const NC: i32 = 1024;

/** Columns of B from which on tiles gain more from a copy of A than it takes, wide and narrow ones. */
const WORTH_COPYING: i32 = 128;
const WORTH_COPYING_NARROW: i32 = 1024;

/** Columns of a small B up to which narrow tiles read it where it lies: a column of panels fits the first cache as it is. */
const WORTH_LEAVING: i32 = 64;

/** Where the copies and a tile at the edge are kept; given by the caller at start. Sizes in bytes. */
let packedA: usize = 0;
let packedB: usize = 0;
let edge: usize = 0;

/** Bytes of scratch memory that `gemmInit` needs. */
export function gemmScratch(): i32 {
  return (MC * KC + KC * (NC + 16) + 6 * 16 + 64) * 4;
}

export function gemmInit(scratch: usize): void {
  packedA = scratch;
  packedB = packedA + ((MC * KC) << 2);
  edge = packedB + ((KC * (NC + 16)) << 2);
}

// The loops around a tile, for both shapes, over a block of A, `down` bytes from row to row, and panels of B, `across` bytes apart for each
// column, `step` from row to row.
// @ts-ignore: decorator
@inline
function panels(
  block: usize,
  down: usize,
  right: usize,
  step: usize,
  across: usize,
  c: usize,
  line: usize,
  mc: i32,
  kc: i32,
  nc: i32,
  add: bool,
  wide: bool,
): void {
  const NR = wide ? 16 : 8;
  const edgeLine = <usize>NR << 2;
  const sixes = wide ? 0 : rowsInSixes(mc);
  const tiled = sixes + ((mc - sixes) & ~3);
  for (let j = 0; j < nc; j += NR) {
    const panel = right + <usize>j * across;
    const columns = min(NR, nc - j);
    const to = c + (<usize>j << 2);
    if (columns == NR) {
      if (sixes > 0) tile6x8(block, down, panel, step, kc, to, line, sixes, add);
      const from = block + <usize>sixes * down;
      const below = to + <usize>sixes * line;
      if (tiled == sixes) continue;
      if (wide) tile4x16(from, down, panel, kc, below, line, tiled - sixes, add);
      else tile4x8(from, down, panel, step, kc, below, line, tiled - sixes, add);
    } else {
      for (let i = 0; i < tiled; ) {
        const height = i < sixes ? 6 : 4;
        const from = block + <usize>i * down;
        if (wide) tile4x16(from, down, panel, kc, edge, edgeLine, 4, false);
        else if (height == 6) tile6x8(from, down, panel, step, kc, edge, edgeLine, 6, false);
        else tile4x8(from, down, panel, step, kc, edge, edgeLine, 4, false);
        copyEdge(to + <usize>i * line, line, height, columns, edgeLine, add);
        i += height;
      }
    }
  }
  // rows that are left over: none is read past A's end
  for (let i = tiled; i < mc; i++) {
    for (let j = 0; j < nc; j += NR) {
      row(block + <usize>i * down, right + <usize>j * across, step, kc, NR, edge);
      copyEdge(c + <usize>i * line + (<usize>j << 2), line, 1, min(NR, nc - j), edgeLine, add);
    }
  }
}

/** Rows of `mc` that go into tiles of six; the rest goes into fours, and there is less left over if two of them are made of eight or nine. */
// @ts-ignore: decorator
@inline
function rowsInSixes(mc: i32): i32 {
  const left = mc % 6;
  const whole = mc - left;
  return whole > 0 && (left == 2 || left == 3) ? whole - 6 : whole;
}

// @ts-ignore: decorator
@inline
function gemm(
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  cRow: i32,
  m: i32,
  k: i32,
  n: i32,
  accumulate: bool,
  wide: bool,
): void {
  const NR = wide ? 16 : 8;
  const line = <usize>cRow << 2;
  const fewColumns = n < WORTH_COPYING || (!wide && n < WORTH_COPYING_NARROW);
  const direct = aColumn == 1 && (fewColumns || m < 4);
  for (let jc = 0; jc < n; jc += NC) {
    const nc = min(NC, n - jc);
    for (let pc = 0; pc < k; pc += KC) {
      const kc = min(KC, k - pc);
      const add = accumulate || pc > 0;
      const right = b + ((<usize>pc * bRow + <usize>jc * bColumn) << 2);
      const inPlace = !wide && direct && bColumn == 1 && nc % NR == 0 && m <= MC && bRow <= WORTH_LEAVING;
      if (!inPlace) packRight(packedB, right, bRow, bColumn, kc, nc, NR);
      const from = inPlace ? right : packedB;
      const step = <usize>(inPlace ? bRow : NR) << 2;
      const across = <usize>(inPlace ? 1 : kc) << 2;
      for (let ic = 0; ic < m; ic += MC) {
        const mc = min(MC, m - ic);
        const block = a + ((<usize>ic * aRow + <usize>pc * aColumn) << 2);
        const to = c + ((<usize>ic * cRow + jc) << 2);
        if (direct) panels(block, <usize>aRow << 2, from, step, across, to, line, mc, kc, nc, add, wide);
        else {
          packLeft(packedA, block, aRow, aColumn, mc, kc, wide);
          packedTiles(packedB, kc, nc, mc, to, line, add, wide);
        }
      }
    }
  }
}

/** C[mc, nc] (+)= the packed block of A times the panels of B. */
// @ts-ignore: decorator
@inline
function packedTiles(panels: usize, kc: i32, nc: i32, mc: i32, c: usize, line: usize, add: bool, wide: bool): void {
  const NR = wide ? 16 : 8;
  let sixes = 0;
  while (sixes + 6 <= mc && matrixTileHeight(sixes, mc, wide) == 6) sixes += 6;
  let tiled = sixes;
  if (wide) while (tiled + 4 <= mc && matrixTileHeight(tiled, mc, wide) == 4) tiled += 4;
  for (let j = 0; j < nc; j += NR) {
    const panel = panels + ((<usize>j * kc) << 2);
    const columns = min(NR, nc - j);
    const to = c + (<usize>j << 2);
    let i = 0;
    if (columns == NR) {
      if (sixes > 0) packedSixes(packedA, panel, kc, to, line, sixes, add, wide);
      if (tiled > sixes) packed4x16(packedA + (<usize>(sixes * kc) << 2), panel, kc, to + <usize>sixes * line, line, tiled - sixes, add);
      i = tiled;
    }
    while (i < mc) {
      const height = matrixTileHeight(i, mc, wide);
      const from = packedA + (<usize>(i * kc) << 2);
      if (height == 6) packedSixes(from, panel, kc, edge, <usize>NR << 2, 6, false, wide);
      else packed4x16(from, panel, kc, edge, <usize>NR << 2, 4, false);
      copyEdge(to + <usize>i * line, line, min(height, mc - i), columns, <usize>NR << 2, add);
      i += height;
    }
  }
}

// @ts-ignore: decorator
@inline
function packedSixes(rows: usize, panel: usize, kc: i32, c: usize, line: usize, count: i32, add: bool, wide: bool): void {
  if (wide) packed6x16(rows, panel, kc, c, line, count, add);
  else packed6x8(rows, panel, kc, c, line, count, add);
}

// @ts-ignore: decorator
@inline
function copyEdge(to: usize, line: usize, rows: i32, columns: i32, edgeLine: usize, add: bool): void {
  for (let r = 0; r < rows; r++) {
    const o = to + <usize>r * line;
    const from = edge + <usize>r * edgeLine;
    for (let x = 0; x < columns; x++) {
      const v = load<f32>(from + (x << 2));
      store<f32>(o + (x << 2), add ? load<f32>(o + (x << 2)) + v : v);
    }
  }
}

/**
 * C[m, n] = A[m, k] · B[k, n], added to what is there if `accumulate`. Pointers in bytes, strides in elements; the
 * columns of C are contiguous.
 */
export function matmul(
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  cRow: i32,
  m: i32,
  k: i32,
  n: i32,
  accumulate: bool,
): void {
  gemm(a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, k, n, accumulate, false);
}

/** The same in tiles of 16 columns. */
export function matmulWide(
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  cRow: i32,
  m: i32,
  k: i32,
  n: i32,
  accumulate: bool,
): void {
  gemm(a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, k, n, accumulate, true);
}

/** Bytes that B [k, n] takes in panels. */
// @ts-ignore: decorator
@inline
export function packedBytes(k: i32, n: i32, wide: bool): i32 {
  const NR = wide ? 16 : 8;
  return (k * ((n + NR - 1) / NR) * NR) << 2;
}

// @ts-ignore: decorator
@inline
function pack(b: usize, bRow: i32, bColumn: i32, k: i32, n: i32, packed: usize, wide: bool): void {
  for (let pc = 0; pc < k; pc += KC) {
    const kc = min(KC, k - pc);
    packRight(packed, b + ((<usize>pc * bRow) << 2), bRow, bColumn, kc, n, wide ? 16 : 8);
    packed += packedBytes(kc, n, wide);
  }
}

/** B [k, n] in panels, once for many products. */
export function packWhole(b: usize, bRow: i32, bColumn: i32, k: i32, n: i32, packed: usize, wide: bool): void {
  if (wide) pack(b, bRow, bColumn, k, n, packed, true);
  else pack(b, bRow, bColumn, k, n, packed, false);
}

// @ts-ignore: decorator
@inline
function multiply(a: usize, packed: usize, c: usize, m: i32, k: i32, n: i32, add: bool, wide: bool): void {
  const step = wide ? 64 : 32;
  for (let pc = 0; pc < k; pc += KC) {
    const kc = min(KC, k - pc);
    panels(a + (<usize>pc << 2), <usize>k << 2, packed, step, <usize>kc << 2, c, <usize>n << 2, m, kc, n, add || pc > 0, wide);
    packed += packedBytes(kc, n, wide);
  }
}

/** C[m, n] = A[m, k] · B, which `packWhole` has packed; rows of A and C are contiguous. */
export function multiplyPacked(a: usize, packed: usize, c: usize, m: i32, k: i32, n: i32, add: bool, wide: bool): void {
  if (wide) multiply(a, packed, c, m, k, n, add, true);
  else multiply(a, packed, c, m, k, n, add, false);
}
