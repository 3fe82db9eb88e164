import { expect, test } from 'vitest';
import { learned } from '../../engine/diagnose/evidence/progress.ts';
import { run } from '../host/scripts.ts';
import { trained } from './scripts.ts';

/** What has been learned of what can be, whatever is made of a loss. */

const LABELS = "const labels = x.slice(1, 0, 4).argmax(1).to('int32');";
const CLASSES = 'const model = new nn.Sequential(new nn.Linear(8, 32), new nn.ReLU(), new nn.Linear(32, 4));';
const ENTROPY = 'F.crossEntropy(model(x), labels)';

async function learnedWith(loss: string, lr = '0.5', steps = 40): Promise<number> {
  const { run: trainedRun } = await run(trained(CLASSES, { data: LABELS, loss, lr, steps }));
  expect(trainedRun.error).toBeNull();
  return learned(trainedRun);
}

test.each([
  ['a multiple', `${ENTROPY}.mul(50)`, '0.01'],
  ['a sum over samples', "F.crossEntropy(model(x), labels, { reduction: 'sum' })", '0.0078125'],
  ['a constant more', `${ENTROPY}.add(3)`, '0.5'],
  ['twice in one step', `${ENTROPY}.add(${ENTROPY})`, '0.25'],
])('%s', async (_, loss, lr) => {
  const plain = await learnedWith(ENTROPY);
  expect(plain).toBeGreaterThan(0.2);
  expect(await learnedWith(loss, lr)).toBeCloseTo(plain, 2);
});

test('it isn’t told where something else is part of the loss', async () => {
  expect(await learnedWith(`${ENTROPY}.add(model(x).square().mean())`)).toBeNaN();
});
