// Functions of one array, element by element. Names as in the reference.
import { one } from './constants';
import { erf, exp, gelu, log, logSigmoid, sigmoid, tanh } from './functions';
import { map } from './map';

@unmanaged
class Neg {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return f32x4.neg(x);
  }
}
export function neg(x: usize, out: usize, n: i32): void {
  map<Neg>(x, out, n);
}

@unmanaged
class Abs {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return f32x4.abs(x);
  }
}
export function abs(x: usize, out: usize, n: i32): void {
  map<Abs>(x, out, n);
}

@unmanaged
class Exp {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return exp(x);
  }
}
export function expOf(x: usize, out: usize, n: i32): void {
  map<Exp>(x, out, n);
}

@unmanaged
class Log {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return log(x);
  }
}
export function logOf(x: usize, out: usize, n: i32): void {
  map<Log>(x, out, n);
}

@unmanaged
class Sqrt {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return f32x4.sqrt(x);
  }
}
export function sqrt(x: usize, out: usize, n: i32): void {
  map<Sqrt>(x, out, n);
}

@unmanaged
class Rsqrt {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return f32x4.div(one(), f32x4.sqrt(x));
  }
}
export function rsqrt(x: usize, out: usize, n: i32): void {
  map<Rsqrt>(x, out, n);
}

@unmanaged
class Square {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return f32x4.mul(x, x);
  }
}
export function square(x: usize, out: usize, n: i32): void {
  map<Square>(x, out, n);
}

@unmanaged
class Reciprocal {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return f32x4.div(one(), x);
  }
}
export function reciprocal(x: usize, out: usize, n: i32): void {
  map<Reciprocal>(x, out, n);
}

@unmanaged
class Tanh {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return tanh(x);
  }
}
export function tanhOf(x: usize, out: usize, n: i32): void {
  map<Tanh>(x, out, n);
}

@unmanaged
class Sigmoid {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return sigmoid(x);
  }
}
export function sigmoidOf(x: usize, out: usize, n: i32): void {
  map<Sigmoid>(x, out, n);
}

@unmanaged
class Erf {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return erf(x);
  }
}
export function erfOf(x: usize, out: usize, n: i32): void {
  map<Erf>(x, out, n);
}

@unmanaged
class Gelu {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return gelu(x);
  }
}
export function geluOf(x: usize, out: usize, n: i32): void {
  map<Gelu>(x, out, n);
}

@unmanaged
class LogSigmoid {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return logSigmoid(x);
  }
}
export function logSigmoidOf(x: usize, out: usize, n: i32): void {
  map<LogSigmoid>(x, out, n);
}

@unmanaged
class Silu {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return f32x4.mul(x, sigmoid(x));
  }
}
export function silu(x: usize, out: usize, n: i32): void {
  map<Silu>(x, out, n);
}

@unmanaged
class Floor {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return f32x4.floor(x);
  }
}
export function floor(x: usize, out: usize, n: i32): void {
  map<Floor>(x, out, n);
}

@unmanaged
class Ceil {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return f32x4.ceil(x);
  }
}
export function ceil(x: usize, out: usize, n: i32): void {
  map<Ceil>(x, out, n);
}

@unmanaged
class Round {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return f32x4.nearest(x);
  }
}
export function round(x: usize, out: usize, n: i32): void {
  map<Round>(x, out, n);
}

@unmanaged
class Trunc {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return f32x4.trunc(x);
  }
}
export function trunc(x: usize, out: usize, n: i32): void {
  map<Trunc>(x, out, n);
}

@unmanaged
class Relu {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return v128.andnot(x, f32x4.lt(x, f32x4.splat(0)));
  }
}
export function relu(x: usize, out: usize, n: i32): void {
  map<Relu>(x, out, n);
}

@unmanaged
class LeakyRelu {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return v128.bitselect(f32x4.mul(x, a), x, f32x4.lt(x, f32x4.splat(0)));
  }
}
export function leakyRelu(x: usize, out: usize, n: i32, slope: f32): void {
  map<LeakyRelu>(x, out, n, slope);
}

@unmanaged
class Clamp {
  // @ts-ignore: decorator
  @inline
  of(x: v128, a: v128, b: v128): v128 {
    return v128.bitselect(a, v128.bitselect(b, x, f32x4.gt(x, b)), f32x4.lt(x, a));
  }
}
export function clamp(x: usize, out: usize, n: i32, min: f32, max: f32): void {
  map<Clamp>(x, out, n, min, max);
}
