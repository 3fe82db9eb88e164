import { expect, test } from 'vitest';
import { installKernels } from '../../engine/host/kernels.ts';
import { sample, type Trial, triedAtFirstUse } from '../../engine/kernels/wasm/firstUse.ts';

const { heap } = installKernels('wide')!;

type Kernel = (x: Float32Array, out: Float32Array) => void;

const trial: Trial<Kernel> = (kernel, from) => {
  const [x, out] = [sample(from, 19), sample(from, 19)];
  kernel(x, out);
  return out;
};
const root: Kernel = (x, out) => out.set(x.map(Math.sqrt));
/** Like code of which one half of a pair went wrong. */
const wrong: Kernel = (x, out) => out.set(x.map((v, i) => (i === 5 ? v : Math.sqrt(v))));

function tried(fast: Kernel) {
  const called = { fast: 0, slow: 0 };
  const count =
    (which: 'fast' | 'slow', kernel: Kernel): Kernel =>
    (x, out) => {
      called[which]++;
      kernel(x, out);
    };
  const table = triedAtFirstUse({ root: count('fast', fast) }, { root: count('slow', root) }, { root: trial }, heap);
  return { table, called };
}

test('a kernel that computes what its reference does is used, and tried once', () => {
  const { table, called } = tried(root);
  expect(called).toEqual({ fast: 0, slow: 0 });
  const out = new Float32Array(1);
  for (let i = 0; i < 3; i++) table.root(Float32Array.of(9), out);
  expect(out[0]).toBe(3);
  expect(called).toEqual({ fast: 4, slow: 1 });
});

test('one that does not gives way to it', () => {
  const { table, called } = tried(wrong);
  const out = new Float32Array(6);
  for (let i = 0; i < 3; i++) table.root(new Float32Array(6).fill(9), out);
  expect([...out]).toEqual([3, 3, 3, 3, 3, 3]);
  expect(called).toEqual({ fast: 1, slow: 4 });
});
