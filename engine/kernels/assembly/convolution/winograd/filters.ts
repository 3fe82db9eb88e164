// The weights of a convolution in tiles (winograd.ts).
import { LANES } from './winograd';

/**
 * Weights of a tile of rows, [k][9 taps][height], as [place][k][height]; `flipped`: taps from the last to the first. `height`: at
 * least four.
 */
export function weightsIntoTiles(from: usize, k: i32, height: i32, flipped: bool, to: usize, places: usize): void {
  const half = f32x4.splat(0.5);
  const line = <usize>height << 2;
  const step = flipped ? -line : line;
  if (flipped) from += 8 * line;
  for (let i = 0; i < k; i++) {
    // a tile of six has two vectors that overlap
    for (let r = 0; ; r = height - LANES) {
      let at = from + (r << 2);
      for (let row = 0; row < 4; row++) {
        // a row of G·g, of three taps each
        let g0: v128;
        let g1: v128;
        let g2: v128;
        if (row == 0 || row == 3) {
          const tap = row == 0 ? at : at + 6 * step;
          g0 = v128.load(tap);
          g1 = v128.load(tap + step);
          g2 = v128.load(tap + 2 * step);
        } else {
          const sign = f32x4.splat(row == 1 ? 1 : -1);
          g0 = halved(at, step, sign, half);
          g1 = halved(at + step, step, sign, half);
          g2 = halved(at + 2 * step, step, sign, half);
        }
        const outer = f32x4.mul(half, f32x4.add(g0, g2));
        const inner = f32x4.mul(half, g1);
        let out = to + (r << 2) + <usize>(4 * row) * places;
        v128.store(out, g0);
        out += places;
        v128.store(out, f32x4.add(outer, inner));
        out += places;
        v128.store(out, f32x4.sub(outer, inner));
        out += places;
        v128.store(out, g2);
      }
      if (r + LANES >= height) break;
    }
    from += 9 * line;
    to += line;
  }
}

/** (g₀ ± g₁ + g₂)/2 down a column of taps. */
// @ts-ignore: decorator
@inline
function halved(at: usize, step: usize, sign: v128, half: v128): v128 {
  const outer = f32x4.add(v128.load(at), v128.load(at + 6 * step));
  return f32x4.mul(half, f32x4.add(outer, f32x4.mul(sign, v128.load(at + 3 * step))));
}
