// Cross-entropy of logits in rows of `length` with classes in int32.
import { exponentials, greatest, scaled, sumOfExponentials } from './rows';

/** −ln softmax(x)[class] of each row; 0 where the class is `ignored`. */
export function crossEntropy(x: usize, index: usize, out: usize, rows: i32, length: i32, ignored: i32): void {
  for (; rows > 0; rows--, x += <usize>length << 2, index += 4, out += 4) {
    const i = load<i32>(index);
    if (i == ignored) {
      store<f32>(out, 0);
      continue;
    }
    const top = greatest(x, length);
    const rest = <f64>top - <f64>load<f32>(x + (<usize>i << 2));
    store<f32>(out, <f32>(rest + Math.log(<f64>sumOfExponentials(x, length, top))));
  }
}

/** g·(softmax(x) − 1 at the class) of each row; 0 where the class is `ignored`. */
export function crossEntropyBackward(
  g: usize,
  x: usize,
  index: usize,
  out: usize,
  rows: i32,
  length: i32,
  ignored: i32,
): void {
  for (; rows > 0; rows--, index += 4, g += 4) {
    const i = load<i32>(index);
    const factor = load<f32>(g);
    if (i == ignored) {
      memory.fill(out, 0, <usize>length << 2);
      x += <usize>length << 2;
      out += <usize>length << 2;
      continue;
    }
    const mass = exponentials(x, out, length, greatest(x, length));
    scaled(out, out, length, factor / mass);
    const hit = out + (<usize>i << 2);
    store<f32>(hit, load<f32>(hit) - factor);
    x += <usize>length << 2;
    out += <usize>length << 2;
  }
}
