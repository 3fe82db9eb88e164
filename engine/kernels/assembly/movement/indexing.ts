// Elements picked by int32 indices from row-major float32 data seen as [outer, length, inner], and added back.

/** Where the first index outside 0 … size − 1 stands; −1 if none does. */
export function firstOutside(index: usize, n: i32, size: i32): i32 {
  for (let i = 0; i < n; i++) if (<u32>load<i32>(index + (<usize>i << 2)) >= <u32>size) return i;
  return -1;
}

/** out[o, k, i] = x[o, index[k], i]. */
export function indexSelect(x: usize, index: usize, out: usize, count: i32, outer: i32, length: i32, inner: i32): void {
  const bytes = <usize>inner << 2;
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < count; k++, out += bytes) {
      memory.copy(out, x + (<usize>(o * length + load<i32>(index + (<usize>k << 2)))) * bytes, bytes);
    }
  }
}

/** out[o, index[k], i] += x[o, k, i]. */
export function indexAdd(x: usize, index: usize, out: usize, count: i32, outer: i32, length: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < count; k++) {
      let to = out + ((<usize>(o * length + load<i32>(index + (<usize>k << 2))) * inner) << 2);
      let n = inner;
      for (; n >= 4; n -= 4, to += 16, x += 16) v128.store(to, f32x4.add(v128.load(to), v128.load(x)));
      for (; n > 0; n--, to += 4, x += 4) store<f32>(to, load<f32>(to) + load<f32>(x));
    }
  }
}

/** out[o, k, i] = x[o, index[o, k, i], i]. */
export function gatherAlong(x: usize, index: usize, out: usize, outer: i32, length: i32, picks: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    const plane = x + ((<usize>(o * length) * inner) << 2);
    for (let k = 0; k < picks; k++) {
      for (let i = 0; i < inner; i++, index += 4, out += 4) {
        store<f32>(out, load<f32>(plane + (<usize>(load<i32>(index) * inner + i) << 2)));
      }
    }
  }
}

/** out[o, index[o, k, i], i] += x[o, k, i]. */
export function scatterAdd(x: usize, index: usize, out: usize, outer: i32, length: i32, picks: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    const plane = out + ((<usize>(o * length) * inner) << 2);
    for (let k = 0; k < picks; k++) {
      for (let i = 0; i < inner; i++, index += 4, x += 4) {
        const to = plane + (<usize>(load<i32>(index) * inner + i) << 2);
        store<f32>(to, load<f32>(to) + load<f32>(x));
      }
    }
  }
}
