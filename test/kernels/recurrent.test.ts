import { expect, test } from 'vitest';
import { reference } from '../../engine/kernels/reference/reference.ts';
import { RECURRENT } from '../../engine/kernels/wasm/recurrent.ts';
import { everyBuild } from './everyBuild.ts';
import { numbers } from './numbers.ts';

everyBuild(({ heap, kernels }) => {
  test.each(RECURRENT)('%s', (name) => {
    for (const width of [3, 4, 13, 16, 33]) {
      const n = 3;
      const gates = name.startsWith('gru') ? 3 : 4;
      const row = (columns: number, seed: number) => {
        const out = heap.allocate('float32', n * columns * width, true) as Float32Array;
        out.set(numbers(out.length, seed));
        return out;
      };
      const state = row(1, 1);
      const inputs = gates === 3 ? [row(3, 2), row(3, 3), state] : [row(4, 2), state];
      const backward = name.endsWith('Backward');
      const operands = backward ? [row(1, 4), ...inputs] : inputs;
      const size = n * width * (backward ? (gates === 3 ? 7 : 5) : 1);
      const out = heap.allocate('float32', size, true) as Float32Array;
      const exact = new Float64Array(size);
      (kernels[name] as (...all: unknown[]) => void)(...operands, out, n, width);
      (reference[name] as (...all: unknown[]) => void)(...operands.map((o) => Float64Array.from(o)), exact, n, width);
      for (let i = 0; i < size; i++) expect(Math.abs(out[i] - exact[i])).toBeLessThan(2e-5);
    }
  });
});
