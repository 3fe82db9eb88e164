// Functions of two arrays, element by element; a step of 0 repeats one element. Names as in the reference.
import { zip } from './map';

@unmanaged
class Add {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.add(x, y);
  }
}
export function add(x: usize, xStep: i32, y: usize, yStep: i32, out: usize, n: i32): void {
  zip<Add>(x, xStep, y, yStep, out, n);
}

@unmanaged
class Sub {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.sub(x, y);
  }
}
export function sub(x: usize, xStep: i32, y: usize, yStep: i32, out: usize, n: i32): void {
  zip<Sub>(x, xStep, y, yStep, out, n);
}

@unmanaged
class Mul {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.mul(x, y);
  }
}
export function mul(x: usize, xStep: i32, y: usize, yStep: i32, out: usize, n: i32): void {
  zip<Mul>(x, xStep, y, yStep, out, n);
}

@unmanaged
class Div {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.div(x, y);
  }
}
export function div(x: usize, xStep: i32, y: usize, yStep: i32, out: usize, n: i32): void {
  zip<Div>(x, xStep, y, yStep, out, n);
}

@unmanaged
class Maximum {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.max(x, y);
  }
}
export function maximum(x: usize, xStep: i32, y: usize, yStep: i32, out: usize, n: i32): void {
  zip<Maximum>(x, xStep, y, yStep, out, n);
}

@unmanaged
class Minimum {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.min(x, y);
  }
}
export function minimum(x: usize, xStep: i32, y: usize, yStep: i32, out: usize, n: i32): void {
  zip<Minimum>(x, xStep, y, yStep, out, n);
}

@unmanaged
class SigmoidBackward {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.mul(f32x4.mul(x, y), f32x4.sub(f32x4.splat(1), y));
  }
}
/** g, y = σ(x): g·y·(1 − y). */
export function sigmoidBackward(x: usize, xStep: i32, y: usize, yStep: i32, out: usize, n: i32): void {
  zip<SigmoidBackward>(x, xStep, y, yStep, out, n);
}

@unmanaged
class TanhBackward {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.mul(x, f32x4.mul(f32x4.sub(f32x4.splat(1), y), f32x4.add(f32x4.splat(1), y)));
  }
}
/** g, y = tanh x: g·(1 − y²). */
export function tanhBackward(x: usize, xStep: i32, y: usize, yStep: i32, out: usize, n: i32): void {
  zip<TanhBackward>(x, xStep, y, yStep, out, n);
}

@unmanaged
class ReluBackward {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return v128.andnot(x, f32x4.le(y, f32x4.splat(0)));
  }
}
/** g, y = relu x: g unless y ≤ 0, so that NaN passes. */
export function reluBackward(x: usize, xStep: i32, y: usize, yStep: i32, out: usize, n: i32): void {
  zip<ReluBackward>(x, xStep, y, yStep, out, n);
}
