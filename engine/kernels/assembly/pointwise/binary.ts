// Functions of two arrays, element by element, broadcast. Names as in the reference.
import { one } from './constants';
import { geluSlope, logSigmoid, sigmoid } from './functions';
import { zip } from './map';

@unmanaged
class Add {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.add(x, y);
  }
}
export function add(x: usize, y: usize, out: usize, nest: usize): void {
  zip<Add>(x, y, out, nest);
}

@unmanaged
class Sub {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.sub(x, y);
  }
}
export function sub(x: usize, y: usize, out: usize, nest: usize): void {
  zip<Sub>(x, y, out, nest);
}

@unmanaged
class Mul {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.mul(x, y);
  }
}
export function mul(x: usize, y: usize, out: usize, nest: usize): void {
  zip<Mul>(x, y, out, nest);
}

@unmanaged
class Div {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.div(x, y);
  }
}
export function div(x: usize, y: usize, out: usize, nest: usize): void {
  zip<Div>(x, y, out, nest);
}

@unmanaged
class Maximum {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.max(x, y);
  }
}
export function maximum(x: usize, y: usize, out: usize, nest: usize): void {
  zip<Maximum>(x, y, out, nest);
}

@unmanaged
class Minimum {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.min(x, y);
  }
}
export function minimum(x: usize, y: usize, out: usize, nest: usize): void {
  zip<Minimum>(x, y, out, nest);
}

@unmanaged
class SigmoidBackward {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.mul(f32x4.mul(x, y), f32x4.sub(one(), y));
  }
}
/** g, y = σ(x): g·y·(1 − y). */
export function sigmoidBackward(x: usize, y: usize, out: usize, nest: usize): void {
  zip<SigmoidBackward>(x, y, out, nest);
}

@unmanaged
class TanhBackward {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.mul(x, f32x4.mul(f32x4.sub(one(), y), f32x4.add(one(), y)));
  }
}
/** g, y = tanh x: g·(1 − y²). */
export function tanhBackward(x: usize, y: usize, out: usize, nest: usize): void {
  zip<TanhBackward>(x, y, out, nest);
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
export function reluBackward(x: usize, y: usize, out: usize, nest: usize): void {
  zip<ReluBackward>(x, y, out, nest);
}

@unmanaged
class GeluBackward {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.mul(x, geluSlope(y));
  }
}
/** g, x: g·(Φ(x) + x·φ(x)). */
export function geluBackward(x: usize, y: usize, out: usize, nest: usize): void {
  zip<GeluBackward>(x, y, out, nest);
}

@unmanaged
class SiluBackward {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    const s = sigmoid(y);
    return f32x4.mul(x, f32x4.mul(s, f32x4.add(one(), f32x4.mul(y, f32x4.sub(one(), s)))));
  }
}
/** g, x: g·σ(1 + x(1 − σ)). */
export function siluBackward(x: usize, y: usize, out: usize, nest: usize): void {
  zip<SiluBackward>(x, y, out, nest);
}

@unmanaged
class LogitLoss {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.sub(f32x4.mul(x, f32x4.sub(one(), y)), logSigmoid(x));
  }
}
/** Logit x, target y: (1 − y)·x − ln σ(x). */
export function logitLoss(x: usize, y: usize, out: usize, nest: usize): void {
  zip<LogitLoss>(x, y, out, nest);
}
