import { describe, expect, test } from 'vitest';
import { manualSeed, rand, randint, randn, randperm } from '../../engine/index.ts';
import { philox4x32 } from '../../engine/tensor/philox.ts';

// Known answers of Random123, the reference implementation: kat_vectors, "philox4x32 10".
test.each([
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
])('Philox4x32-10 of %j under key %j', (counter, key, answer) => {
  const words = Uint32Array.from(counter);
  philox4x32(words, key[0], key[1]);
  expect([...words]).toEqual(answer);
});

describe('the stream', () => {
  const draw = (seed: number) => {
    manualSeed(seed);
    return [rand([3]), randn([3]), randint(0, 100, [3]), randperm(5)].map((t) => t.toArray());
  };

  test('is decided by the seed', () => {
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
    expect(draw(1)).not.toEqual(draw(1 + 2 ** 32)); // all 53 bits of a seed count
  });

  test('has the right moments', () => {
    manualSeed(0);
    const u = rand([20_000]);
    expect(u.mean().item()).toBeCloseTo(0.5, 2);
    expect(u.var().item()).toBeCloseTo(1 / 12, 2);
    expect(u.max().item()).toBeLessThan(1);
    const n = randn([20_000]);
    expect(n.mean().item()).toBeCloseTo(0, 1);
    expect(n.std().item()).toBeCloseTo(1, 1);
    expect(n.pow(4).mean().item()).toBeCloseTo(3, 0);
  });

  test('permutes', () => {
    expect((randperm(100).toArray() as number[]).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
  });
});
