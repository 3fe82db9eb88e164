// The rule of binary cross-entropy of logits (pointwise/binary.ts).
import { sigmoid } from '../pointwise/functions';

/** g·(σ(x) − y); `g` is one number for all, or `each` element has its own. */
export function logitLossBackward(g: usize, each: bool, x: usize, y: usize, out: usize, n: i32): void {
  const one = v128.load_splat<f32>(g);
  for (; n >= 4; n -= 4, x += 16, y += 16, out += 16) {
    const factor = each ? v128.load(g) : one;
    v128.store(out, f32x4.mul(factor, f32x4.sub(sigmoid(v128.load(x)), v128.load(y))));
    if (each) g += 16;
  }
  for (; n > 0; n--, x += 4, y += 4, out += 4) {
    const factor = v128.load_zero<f32>(g);
    const slope = f32x4.sub(sigmoid(v128.load_zero<f32>(x)), v128.load_zero<f32>(y));
    v128.store_lane<f32>(out, f32x4.mul(factor, slope), 0);
    if (each) g += 4;
  }
}
