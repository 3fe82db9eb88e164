import { expect, test } from 'vitest';
import { reference } from '../../engine/kernels/reference/reference.ts';
import { everyBuild } from './everyBuild.ts';
import { numbers } from './numbers.ts';

everyBuild(({ heap, kernels }) => {
  type Pair = readonly [number, number];
  interface Case {
    readonly stride: Pair;
    readonly padding: Pair;
    readonly dilation: Pair;
    readonly groups: number;
    readonly input: readonly [batch: number, channels: number, height: number, width: number];
    readonly kernel: readonly [filters: number, height: number, width: number];
  }
  const plain = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 } as const;
  const geometries: Case[] = [
    { ...plain, input: [2, 3, 9, 11], kernel: [5, 3, 3], padding: [1, 1] },
    { ...plain, input: [2, 1, 28, 28], kernel: [6, 5, 5], padding: [2, 2] },
    { ...plain, input: [3, 16, 8, 8], kernel: [18, 1, 1] },
    { ...plain, input: [2, 4, 9, 10], kernel: [7, 3, 3], stride: [2, 2], padding: [1, 1] },
    { ...plain, input: [2, 4, 8, 8], kernel: [5, 1, 1], stride: [2, 2] },
    { ...plain, input: [1, 3, 13, 17], kernel: [4, 5, 2], stride: [3, 2], padding: [2, 1], dilation: [1, 2] },
    { ...plain, input: [2, 6, 7, 7], kernel: [6, 3, 3], padding: [1, 1], groups: 6 },
    { ...plain, input: [2, 6, 12, 9], kernel: [9, 2, 3], dilation: [2, 1], padding: [0, 3], groups: 3 },
    { ...plain, input: [2, 5, 1, 40], kernel: [17, 1, 7], stride: [1, 3], padding: [0, 3] },
    { ...plain, input: [1, 2, 3, 3], kernel: [2, 3, 3] },
    // rows of positions shorter than a tile, and images that are worked on together
    { ...plain, input: [5, 4, 4, 4], kernel: [10, 3, 3], padding: [1, 1] },
    { ...plain, input: [7, 3, 5, 6], kernel: [20, 3, 3], padding: [1, 1], stride: [2, 2] },
    { ...plain, input: [5, 3, 1, 1], kernel: [4, 1, 1] },
    // one filter or two in each group
    { ...plain, input: [3, 5, 10, 19], kernel: [5, 3, 3], padding: [1, 1], stride: [2, 2], groups: 5 },
    { ...plain, input: [2, 6, 11, 9], kernel: [6, 2, 2], dilation: [2, 2], groups: 3 },
    // more positions, taps and filters than one block
    { ...plain, input: [2, 20, 18, 21], kernel: [33, 3, 3], padding: [2, 2], dilation: [2, 2] },
    { ...plain, input: [1, 3, 40, 24], kernel: [16, 1, 1] },
    // rows and columns that no tap reaches
    { ...plain, input: [1, 2, 8, 9], kernel: [3, 2, 2], stride: [3, 4] },
    // in tiles of 2 × 2, whole and partial, in one block or several, over several images
    { ...plain, input: [2, 16, 9, 13], kernel: [17, 3, 3], padding: [1, 1] },
    { ...plain, input: [1, 33, 40, 38], kernel: [16, 3, 3] },
    { ...plain, input: [5, 40, 8, 8], kernel: [48, 3, 3], padding: [1, 1] },
    { ...plain, input: [2, 18, 6, 5], kernel: [20, 3, 3], padding: [0, 2] },
    { ...plain, input: [3, 20, 6, 6], kernel: [19, 3, 3], padding: [2, 1] },
    // more padding than kernel
    { ...plain, input: [1, 2, 4, 4], kernel: [3, 2, 2], padding: [3, 2], stride: [2, 1] },
  ];

  test.each(geometries)('convolution in all three directions: $input, $kernel, stride $stride, groups $groups', (g) => {
    const [batch, channels, height, width] = g.input;
    const [filters, kh, kw] = g.kernel;
    const size = (d: 0 | 1, n: number, k: number) =>
      Math.floor((n + 2 * g.padding[d] - g.dilation[d] * (k - 1) - 1) / g.stride[d]) + 1;
    const output = [size(0, height, kh), size(1, width, kw)] as const;
    const shape = {
      batch,
      groups: g.groups,
      filters: filters / g.groups,
      window: {
        channels: channels / g.groups,
        input: [height, width] as const,
        kernel: [kh, kw] as const,
        output,
        stride: g.stride,
        padding: g.padding,
        dilation: g.dilation,
      },
    };
    // not at the beginning of a block, and what lies before and behind counts for nothing
    const inHeap = (values: Float32Array) => {
      const out = (heap.allocate('float32', values.length + 11, true).fill(NaN) as Float32Array).subarray(3, -8);
      out.set(values);
      return out;
    };
    const x = inHeap(numbers(batch * channels * height * width, 1));
    const w = inHeap(numbers((filters * channels * kh * kw) / g.groups, 2));
    const bias = inHeap(numbers(filters, 3));
    const y = inHeap(numbers(batch * filters * output[0] * output[1], 4));
    const check = (like: Float32Array, run: (k: typeof reference, out: Float32Array | Float64Array) => void) => {
      const exact = new Float64Array(like.length);
      const whole = heap.allocate('float32', like.length + 11, false).fill(0) as Float32Array;
      const got = whole.subarray(3, -8);
      run(reference, exact);
      run(kernels, got);
      const most = Math.max(...exact.filter(Number.isFinite).map(Math.abs));
      for (let i = 0; i < got.length; i++) {
        const same = Number.isNaN(exact[i]) ? Number.isNaN(got[i]) : Math.abs(got[i] - exact[i]) <= 1e-5 * most;
        if (!same) expect.fail(`at ${i}: ${got[i]}, not ${exact[i]}`);
      }
      expect([...whole.subarray(0, 3), ...whole.subarray(-8)]).toEqual(new Array(11).fill(0));
    };
    const all = () => {
      check(y, (k, out) => k.conv2d(x, w, bias, out, shape));
      check(y, (k, out) => k.conv2d(x, w, null, out, shape));
      check(x, (k, out) => k.conv2dInput(y, w, out, shape));
      check(w, (k, out) => k.conv2dWeight(y, x, out, shape));
    };
    all();
    // what isn't a number stays where it belongs
    x[Math.floor(x.length / 3)] = NaN;
    y[Math.floor(y.length / 2)] = NaN;
    all();
  });
});
