// Copies between a strided layout and row-major order.
import { size, step } from './nest';
import { transpose4x4 } from '../simd';

/** Columns of a matrix that are turned over together: what they touch stays in the first cache. */
const BLOCK: i32 = 256;

/** out[i, j] = x[j, i] for `rows` × `columns` of `out`; strides in bytes, both inner ones are 4. */
function turn(x: usize, xRow: usize, out: usize, outRow: usize, rows: i32, columns: i32): void {
  for (let first = 0; first < columns; first += BLOCK) {
    const last = min(first + BLOCK, columns);
    let i = 0;
    for (; i + 4 <= rows; i += 4) {
      let j = first;
      let from = x + <usize>j * xRow + (<usize>i << 2);
      let to = out + <usize>i * outRow + (<usize>j << 2);
      for (; j + 4 <= last; j += 4, from += 4 * xRow, to += 16) {
        transpose4x4(from, xRow, to, outRow);
      }
      for (; j < last; j++, from += xRow, to += 4) {
        for (let k: usize = 0; k < 4; k++) store<u32>(to + k * outRow, load<u32>(from + (k << 2)));
      }
    }
    for (; i < rows; i++) {
      let from = x + <usize>first * xRow + (<usize>i << 2);
      let to = out + <usize>i * outRow + (<usize>first << 2);
      for (let j = first; j < last; j++, from += xRow, to += 4) store<u32>(to, load<u32>(from));
    }
  }
}

/** n elements from steps of `xStep` to steps of `outStep`, in elements of type E. */
// @ts-ignore: decorator
@inline
function copyRow<E>(x: usize, xStep: i32, out: usize, outStep: i32, n: i32): void {
  if (xStep == 1 && outStep == 1) {
    if (n >= 64) memory.copy(out, x, <usize>n * sizeof<E>());
    else for (let i = 0; i < n; i++) store<E>(out + <usize>i * sizeof<E>(), load<E>(x + <usize>i * sizeof<E>()));
  } else if (xStep == 0 && outStep == 1) {
    const value = load<E>(x);
    for (let i = 0; i < n; i++) store<E>(out + <usize>i * sizeof<E>(), value);
  } else {
    for (let i = 0; i < n; i++) {
      store<E>(out, load<E>(x));
      x += <usize>xStep * sizeof<E>();
      out += <usize>outStep * sizeof<E>();
    }
  }
}

/** All of `out` from `x`, as the nest says for x (0) and out (1). */
// @ts-ignore: decorator
@inline
function copyNest<E>(x: usize, out: usize, nest: usize): void {
  for (let d = 0; d < size(nest, 3); d++) {
    for (let c = 0; c < size(nest, 2); c++) {
      for (let b = 0; b < size(nest, 1); b++) {
        const from = b * step(nest, 0, 1) + c * step(nest, 0, 2) + d * step(nest, 0, 3);
        const to = b * step(nest, 1, 1) + c * step(nest, 1, 2) + d * step(nest, 1, 3);
        copyRow<E>(
          x + <usize>from * sizeof<E>(),
          step(nest, 0),
          out + <usize>to * sizeof<E>(),
          step(nest, 1),
          size(nest, 0),
        );
      }
    }
  }
}

export function copy1(x: usize, out: usize, nest: usize): void {
  copyNest<u8>(x, out, nest);
}

export function copy4(x: usize, out: usize, nest: usize): void {
  // a matrix whose rows are the other side's columns is turned over in blocks
  if (step(nest, 0) == 1 || step(nest, 1) != 1) {
    copyNest<u32>(x, out, nest);
    return;
  }
  let level = 3;
  while (level > 0 && (step(nest, 0, level) != 1 || size(nest, level) < 4)) level--;
  if (level == 0) {
    copyNest<u32>(x, out, nest);
    return;
  }
  const columns = size(nest, 0);
  const rows = size(nest, level);
  const one = level == 1 ? 2 : 1;
  const two = level == 3 ? 2 : 3;
  const xRow = <usize>step(nest, 0) << 2;
  const outRow = <usize>step(nest, 1, level) << 2;
  for (let q = 0; q < size(nest, two); q++) {
    for (let p = 0; p < size(nest, one); p++) {
      const from = <usize>(p * step(nest, 0, one) + q * step(nest, 0, two)) << 2;
      const to = <usize>(p * step(nest, 1, one) + q * step(nest, 1, two)) << 2;
      turn(x + from, xRow, out + to, outRow, rows, columns);
    }
  }
}
