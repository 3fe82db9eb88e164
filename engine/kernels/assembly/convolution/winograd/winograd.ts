// Convolution of 3 × 3 by Winograd's F(2 × 2, 3 × 3) (Lavin & Gray 2016): a tile of 2 × 2 results comes of 4 × 4 values and 16
// multiplications instead of 36; its error stays below a millionth of the result, root mean square. In one dimension, with values d,
// weights g and results y:
//
//   m = (d₀ − d₂)·g₀, (d₁ + d₂)·(g₀ + g₁ + g₂)/2, (d₂ − d₁)·(g₀ − g₁ + g₂)/2, (d₃ − d₁)·g₂;  y = m₀ + m₁ + m₂, m₁ − m₂ + m₃
//
// Each of the 16 places of a tile has an array of its own, so that what is left is 16 matrix products over channels. Infinities may
// become NaN, but only where they would be.
import { aligned, Geometry } from '../planes';

/** Places of a tile. */
export const PLACES: i32 = 16;

/** Tiles side by side that are transformed together: as many as a vector has lanes; twice as many where two become one of 256 bits. */
export const LANES: i32 = 4;

/** Tiles in a row, up to whole vectors, of a result of so many columns. */
// @ts-ignore: decorator
@inline
export function tilesAcross(columns: i32): i32 {
  return ((columns + 1) / 2 + LANES - 1) & ~(LANES - 1);
}
// @ts-ignore: decorator
@inline
export function tilesDown(rows: i32): i32 {
  return (rows + 1) / 2;
}

/** Rows of tiles that are worked on at a time. */
// @ts-ignore: decorator
@inline
export function rowsTogether(g: Geometry, across: i32): i32 {
  return max(1, g.tiles / across);
}

/** Floats of a row of the frame from which tiles are made. */
// @ts-ignore: decorator
@inline
export function frameWidth(across: i32): i32 {
  return 2 * across + 4;
}
/** Floats of the frame for so many rows of tiles. */
// @ts-ignore: decorator
@inline
export function frameFloats(rows: i32, across: i32): i32 {
  return aligned((2 * rows + 2) * frameWidth(across));
}

/** Floats from one place's array to the next: not a power of two, so that they don't fall on the same lines of the cache. */
// @ts-ignore: decorator
@inline
export function placeFloats(channels: i32, tiles: i32): i32 {
  return aligned(channels * tiles) + 16;
}

/**
 * Tiles of a row that are transformed by eights. Their order is 0, 1, 4, 5, 2, 3, 6, 7: so that what is loaded and stored lies
 * side by side, which is what V8's revectorizer makes 256 bits of.
 */
// @ts-ignore: decorator
@inline
export function tilesInEights(across: i32, wide: bool): i32 {
  return wide ? across & ~7 : 0;
}
