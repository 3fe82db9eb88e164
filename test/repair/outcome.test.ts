import { expect, test } from 'vitest';
import { outcomeOf } from '../../engine/repair/trial/outcome.ts';
import { run } from '../host/scripts.ts';

const script = (loss: string, rate: number) => `
import { nn, optim, F, randn, manualSeed } from 'gradlens';
manualSeed(0);
const x = randn([64, 4]);
const y = x.select(1, 0).gt(0).to('float32').reshape([-1, 1]);
const model = new nn.Linear(4, 1);
const optimizer = new optim.SGD(model.parameters(), { lr: ${rate} });
for (let step = 0; step < 60; step++) {
  optimizer.zeroGrad();
  const loss = ${loss};
  loss.backward();
  optimizer.step();
}
`;

const learned = async (loss: string, rate: number): Promise<number> => {
  const { run: ended } = await run(script(loss, rate));
  return outcomeOf(ended, 1, 'loss-plateau', new Set()).learned;
};

const ENTROPY = 'F.binaryCrossEntropyWithLogits(model(x), y)';

test('what a run has learned of what can be', async () => {
  expect(await learned(ENTROPY, 2)).toBeGreaterThan(0.5);
  expect(Math.abs(await learned(`F.binaryCrossEntropyWithLogits(model(x).mul(0), y)`, 2))).toBeLessThan(0.02);
  expect(await learned('model(x).sub(y).square().mean()', 9)).toBe(-Infinity);
  // of a loss of the user's own, the share of the first one that was won
  expect(await learned('model(x).sub(y).square().mean()', 0.1)).toBeGreaterThan(0.5);
});
