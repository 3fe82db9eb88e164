import { expect, test } from 'vitest';
import { isCompromise, learned, learnedBy } from '../../engine/diagnose/evidence/learned.ts';
import { meaningOf } from '../../engine/diagnose/evidence/lossMeaning.ts';
import { run } from '../host/scripts.ts';
import { trained } from './scripts.ts';

/** What has been learned of what can be, whatever is made of a loss. */

const LABELS = "const labels = x.slice(1, 0, 4).argmax(1).to('int32');";
const CLASSES = 'const model = new nn.Sequential(new nn.Linear(8, 32), new nn.ReLU(), new nn.Linear(32, 4));';
const ENTROPY = 'F.crossEntropy(model(x), labels)';

async function learnedWith(loss: string, lr = '0.5', steps = 40, data = LABELS): Promise<number> {
  const { run: trainedRun } = await run(trained(CLASSES, { data, loss, lr, steps }));
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

test('a weighted sum of two losses: the first steps tell the weights', async () => {
  const loss = 'F.mseLoss(model(x).slice(1, 0, 2), x.slice(1, 4, 6)).mul(10).add(F.crossEntropy(model(x), labels))';
  const { run: weighted } = await run(trained(CLASSES, { data: LABELS, loss, lr: '0.05', steps: 40 }));
  const { weight, offset } = meaningOf(weighted);
  expect([weight(0), weight(1), offset]).toEqual([expect.closeTo(10, 3), expect.closeTo(1, 2), 0]);
  const [first] = [learnedBy(weighted, weighted.firstLoss)];
  expect(first).toBeLessThan(0.1);
  expect(learned(weighted)).toBeGreaterThan(first + 0.1);
});

test('where something else is part of the loss, by what the loss function gave later', async () => {
  const share = await learnedWith(`${ENTROPY}.add(model(x).square().mean())`);
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThan(await learnedWith(ENTROPY));
});

test('what is next to nothing at first and isn’t later makes a compromise of it', async () => {
  // a prior's part begins at 0: the answers do, too
  const zero = `${CLASSES}\nnoGrad(() => { for (const p of model[2].parameters()) p.zero_(); });`;
  const loss = `${ENTROPY}.add(model(x).square().mean().mul(0.2))`;
  const { run: both } = await run(trained(zero, { data: LABELS, loss, lr: '0.5', steps: 80 }));
  expect(both.error).toBeNull();
  expect(meaningOf(both).weight(0)).toBeNaN();
  expect(isCompromise(both)).toBe(true);
  const { run: alone } = await run(trained(zero, { data: LABELS, loss: ENTROPY, lr: '0.5', steps: 80 }));
  expect(meaningOf(alone).weight(0)).toBe(1);
  expect(isCompromise(alone)).toBe(false);
  expect(learned(both)).toBeLessThan(learned(alone));
});

test('it isn’t told of a loss that no function gave', async () => {
  expect(await learnedWith('model(x).square().mean()')).toBeNaN();
});

const TARGETS = 'const targets = x.slice(1, 0, 4).mul(x.slice(1, 4, 8)).add(x.slice(1, 0, 4)).detach();';

test.each([
  ['l1', 'F.l1Loss(model(x), targets)', TARGETS],
  ['Huber', 'F.huberLoss(model(x), targets)', TARGETS],
  ['smooth l1 of a sum', "F.smoothL1Loss(model(x), targets, { reduction: 'sum' }).div(256)", TARGETS],
  ['counts', 'F.poissonNllLoss(model(x), targets)', `${TARGETS.replace('.detach', '.exp().detach')}`],
  ['soft margin', 'F.softMarginLoss(model(x), targets)', `${TARGETS.replace(/x.*;/, 'x.slice(1, 0, 4).sign();')}`],
  [
    'shares',
    'F.klDiv(model(x).logSoftmax(1), targets, { reduction: "batchMean" })',
    `${TARGETS.replace('.detach', '.softmax(1).detach')}`,
  ],
])('%s: from nothing to most of it', async (_, loss, data) => {
  expect(await learnedWith(loss, '1e-6', 40, data)).toBeLessThan(0.2);
  const well = await learnedWith(loss, '0.1', 400, data);
  expect(well).toBeGreaterThan(0.6);
  expect(well).toBeLessThan(1);
});

test.each([
  ['smoothed labels', 'F.crossEntropy(model(x), labels, { labelSmoothing: 0.3 })'],
  ['weights of classes', 'F.crossEntropy(model(x), labels, { weight: tensor([1, 2, 1, 3]) })'],
])('%s are known', async (_, loss) => {
  expect(await learnedWith(loss, '0.5', 40)).toBeCloseTo(await learnedWith(ENTROPY), 0);
});

test('what soft targets leave of a loss isn’t left to learn', async () => {
  const soft = 'const targets = x.slice(1, 0, 4).softmax(1).detach();';
  const binary = 'F.binaryCrossEntropyWithLogits(model(x), targets)';
  for (const loss of ['F.crossEntropy(model(x), targets)', binary])
    expect(await learnedWith(loss, '1', 600, soft), loss).toBeGreaterThan(0.9);
});
