// A synchronous loop never lets the event loop turn, so nothing may wait for it: memory must stay flat by itself.
import { describe, expect, test } from 'vitest';
import { F, manualSeed, nn, optim, randn, type Tensor, tensor } from '../../engine/index.ts';

const steps = 100_000;
const megabytes = (): number => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
};

describe(`${steps} steps`, () => {
  test('leave memory flat, and what a user keeps right', { timeout: 300_000 }, () => {
    manualSeed(0);
    const model = new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh(), new nn.Linear(4, 1));
    const optimizer = new optim.SGD(model.parameters(), { lr: 1e-3, momentum: 0.9 });
    const [x, y] = [randn([4, 2]), randn([4, 1])];
    const losses: { loss: Tensor; value: number }[] = [];
    const recent: { logits: Tensor; values: number[] }[] = [];
    let view: Tensor | null = null;
    const sizes: number[] = [];
    for (let step = 0; step < steps; step++) {
      const logits = model(x);
      const loss = F.mseLoss(logits, y);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      if (step % 1000 === 0) losses.push({ loss, value: loss.item() });
      recent.push({ logits, values: [...logits.toFlat()] });
      if (recent.length > 10) {
        const { logits: old, values } = recent.shift()!;
        if (step % 5000 === 0) expect([...old.toFlat()]).toEqual(values);
      }
      // The base of this view is reachable from nowhere else.
      if (step === 100) view = tensor([1, 2, 3, 4]).mul(2).slice(0, 1, 3);
      // The lowest of a window: what is only waiting to be collected doesn't count.
      if (step % 100 === 0) sizes.push(megabytes());
    }
    const floor = (from: number, to: number): number => Math.min(...sizes.slice(from * 10, to * 10));
    expect(floor(90, 100) - floor(5, 15), 'megabytes gained').toBeLessThan(8);
    expect(losses.every(({ loss, value }) => loss.item() === value)).toBe(true);
    expect(view!.toArray()).toEqual([4, 6]);
  });
});
