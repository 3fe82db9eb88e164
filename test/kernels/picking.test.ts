import { expect, test } from 'vitest';
import { reference } from '../../engine/kernels/reference/reference.ts';
import type { Numbers } from '../../engine/tensor/dtype.ts';
import { everyBuild } from './everyBuild.ts';

everyBuild(({ filled, heap, kernels }) => {
  test('picking by index, and adding back', () => {
    for (const [outer, length, picks, inner] of [
      [1, 65, 40, 64],
      [3, 20, 33, 5],
      [40, 17, 9, 1],
      [2, 30, 40, 4],
    ]) {
      const slices = heap.allocate('int32', picks, true);
      const each = heap.allocate('int32', outer * picks * inner, true);
      for (let i = 0; i < slices.length; i++) slices[i] = (i * 7) % length;
      for (let i = 0; i < each.length; i++) each[i] = (i * 5) % length;
      const whole = filled('float32', outer * length * inner, 20);
      const some = filled('float32', outer * picks * inner, 21);
      for (const run of [
        (k: typeof reference, out: Numbers) => k.indexSelect(whole, slices, out, outer, length, inner),
        (k: typeof reference, out: Numbers) => k.indexAdd(some, slices, out, outer, length, inner),
        (k: typeof reference, out: Numbers) => k.gatherAlong(whole, each, out, outer, length, picks, inner),
        (k: typeof reference, out: Numbers) => k.scatterAdd(some, each, out, outer, length, picks, inner),
      ]) {
        const out = heap.allocate('float32', Math.max(whole.length, some.length) + 16, false);
        const expected = out.slice();
        run(kernels, out);
        run(reference, expected);
        // the same additions in the same order
        expect(out).toEqual(expected);
      }
      expect(kernels.firstOutside(each, length)).toBe(-1);
      for (const [at, bad] of [
        [each.length - 1, length],
        [3, -1],
      ]) {
        each[at] = bad;
        expect(kernels.firstOutside(each, length)).toBe(at);
      }
    }
  });

  test('maximum pooling: padding, stride, dilation, NaN', () => {
    for (const [input, kernel, stride, padding, dilation] of [
      [
        [28, 28],
        [2, 2],
        [2, 2],
        [0, 0],
        [1, 1],
      ],
      [
        [9, 11],
        [3, 2],
        [2, 1],
        [1, 1],
        [1, 1],
      ],
      [
        [12, 10],
        [3, 3],
        [1, 2],
        [1, 0],
        [2, 3],
      ],
      [
        [13, 23],
        [3, 3],
        [2, 2],
        [1, 1],
        [1, 1],
      ],
      [
        [7, 16],
        [2, 5],
        [3, 3],
        [0, 2],
        [1, 1],
      ],
    ] as const) {
      const size = (d: 0 | 1) =>
        Math.floor((input[d] + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d]) + 1;
      const output = [size(0), size(1)] as const;
      const window = { channels: 1, input, kernel, output, stride, padding, dilation };
      const x = filled('float32', 5 * input[0] * input[1], 22);
      for (let i = 0; i < x.length; i++) x[i] = Math.round(x[i]);
      x[30] = NaN;
      x[31] = NaN;
      const n = 5 * output[0] * output[1];
      const [out, at] = [heap.allocate('float32', n, true), heap.allocate('int32', n, true)];
      const [expected, expectedAt] = [out.slice(), at.slice()];
      kernels.maxPool(x, out, at, 5, window);
      reference.maxPool(x, expected, expectedAt, 5, window);
      expect(out).toEqual(expected);
      expect(at).toEqual(expectedAt);
    }
  });
});
