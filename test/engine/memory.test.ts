// A synchronous loop never lets the event loop turn, so nothing may wait for it: memory must stay flat by itself.
import { describe, expect, test } from 'vitest';
import { F, manualSeed, nn, optim, randn, type Tensor, tensor } from '../../engine/index.ts';

const steps = 100_000;
const mebibytes = (bytes: number): number => bytes / 2 ** 20;
/** What the process holds of the machine, and what of it JavaScript knows. */
const memory = (): { process: number; own: number } => {
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { process: mebibytes(rss), own: mebibytes(heapUsed + arrayBuffers) };
};

describe(`${steps} steps`, () => {
  test('leave memory flat, and what a user keeps right', () => {
    manualSeed(0);
    const model = new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh(), new nn.Linear(4, 1));
    const optimizer = new optim.SGD(model.parameters(), { lr: 1e-3, momentum: 0.9 });
    const [x, y] = [randn([4, 2]), randn([4, 1])];
    const losses: { loss: Tensor; value: number }[] = [];
    const recent: { logits: Tensor; values: number[] }[] = [];
    let view: Tensor | null = null;
    const sizes: ReturnType<typeof memory>[] = [];
    let [compared, changed] = [0, 0];
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
        compared++;
        if (old.toFlat().some((value, i) => value !== values[i])) changed++;
      }
      // The base of this view is reachable from nowhere else.
      if (step === 100) view = tensor([1, 2, 3, 4]).mul(2).slice(0, 1, 3);
      // The lowest of a window: what is only waiting to be collected doesn't count.
      if (step % 100 === 0) sizes.push(memory());
    }
    const floor = (of: 'process' | 'own', from: number, to: number): number =>
      Math.min(...sizes.slice(from * 10, to * 10).map((size) => size[of]));
    const gained = (of: 'process' | 'own'): number => floor(of, 90, 100) - floor(of, 5, 15);
    expect(gained('own'), 'MiB of JavaScript gained').toBeLessThan(8);
    // A process may keep what it has freed: more than the above, but nothing that grows with the steps.
    expect(gained('process'), 'MiB of the process gained').toBeLessThan(64);
    expect([compared, changed], 'logits of ten steps ago').toEqual([steps - 10, 0]);
    expect(losses.length).toBe(steps / 1000);
    expect(losses.every(({ loss, value }) => loss.item() === value)).toBe(true);
    expect(view!.toArray()).toEqual([4, 6]);
  });
});
