import { describe, expect, test } from 'vitest';
import { findingOf, findingsOf, lineOf, lineOfSite, trained } from './scripts.ts';

/** What is minimized isn't what was meant. */

const LABELS = "const labels = x.slice(1, 0, 4).argmax(1).to('int32');";
const CLASSES = 'const model = new nn.Sequential(new nn.Linear(8, 32), new nn.ReLU(), new nn.Linear(32, 4));';
const classifier = (loss: string, steps = 60) => trained(CLASSES, { data: LABELS, loss, steps, lr: '0.5' });

test('the negative of a loss', async () => {
  const script = classifier('F.crossEntropy(model(x), labels).neg()', 20);
  const finding = await findingOf('wrong-loss-scale', script);
  expect(finding).toMatchObject({ cause: 'wrong-sign', severity: 'error', step: 0 });
  expect(lineOfSite(finding)).toBe(lineOf(script, 'const loss'));
});

test('the negative of a sum of a loss and something else', async () => {
  const sum = (sign: string) =>
    classifier(`F.crossEntropy(model(x), labels).add(model(x).square().mean().mul(0.1))${sign}`);
  expect(await findingOf('wrong-loss-scale', sum('.neg()'))).toMatchObject({ cause: 'wrong-sign' });
  expect(await findingsOf(sum(''))).toEqual([]);
});

test('an optimizer that goes uphill', async () => {
  const script = classifier('F.crossEntropy(model(x), labels)', 20).replace('{ lr: 0.5', '{ maximize: true, lr: 0.5');
  const finding = await findingOf('wrong-loss-scale', script);
  expect(finding).toMatchObject({ cause: 'wrong-sign', severity: 'error' });
  expect(lineOfSite(finding)).toBe(lineOf(script, 'new optim'));
});

test('a likelihood by hand, without its minus', async () => {
  const hand = (sign: string) => classifier(`F.logSoftmax(model(x), 1).mul(F.oneHot(labels, 4)).sum(1).mean()${sign}`);
  const finding = await findingOf('wrong-loss-scale', hand(''));
  expect(finding).toMatchObject({
    cause: 'wrong-sign',
    evidence: expect.stringMatching(/^What is minimized is −1.42, the negative of what the likelihood/),
  });
  expect(lineOfSite(finding)).toBe(lineOf(hand(''), 'const loss'));
  expect(await findingsOf(hand('.neg()'))).toEqual([]);
});

test('two classes of which one is sure at once, and wrong', async () => {
  const binary = (init: string, loss: string) =>
    trained(`const model = new nn.Sequential(new nn.Linear(8, 16), new nn.ReLU(), new nn.Linear(16, 1));${init}`, {
      data: 'noGrad(() => y.copy_(y.gt(0).to("float32")));',
      loss,
    });
  const sure = 'noGrad(() => model.children()[2].weight.mul_(200));';
  for (const loss of ['F.binaryCrossEntropyWithLogits(model(x), y)', 'F.binaryCrossEntropy(model(x).sigmoid(), y)']) {
    const findings = await findingsOf(binary(sure, loss));
    expect(findings).toMatchObject([{ id: 'wrong-loss-scale', cause: 'large-logits', layers: ['2'] }]);
    expect(findings[0].evidence).toMatch(/2 classes has ln 2 = 0.693/);
  }
  // a sigmoid that is a module has no weights to be blamed
  const ended = binary(sure, 'F.binaryCrossEntropy(model(x), y)').replace('(16, 1))', '(16, 1), new nn.Sigmoid())');
  expect(await findingsOf(ended)).toMatchObject([
    { cause: 'large-logits', layers: ['2'], parameters: ['2.weight', '2.bias'] },
  ]);
  // a weight of what is positive makes a loss large, too
  const weighted = 'F.binaryCrossEntropyWithLogits(model(x), y, { posWeight: tensor([20]) })';
  expect(await findingsOf(binary('', weighted))).toEqual([]);
});

describe('nllLoss', () => {
  test('of scores', async () => {
    const finding = await findingOf('wrong-loss-scale', classifier('F.nllLoss(model(x), labels)'));
    expect(finding).toMatchObject({ cause: 'missing-softmax', severity: 'error' });
  });

  test('of probabilities; where it learns by that all the same, for information', async () => {
    const script = (steps: number) => classifier('F.nllLoss(model(x).softmax(1), labels)', steps);
    expect(await findingOf('wrong-loss-scale', script(10))).toMatchObject({
      cause: 'missing-logarithm',
      severity: 'error',
    });
    expect(await findingOf('wrong-loss-scale', script(400))).toMatchObject({ severity: 'information' });
  });

  test('of logarithms of probabilities over the batch; by the loss that this can reach, for information', async () => {
    const script = (steps: number) => classifier('F.nllLoss(model(x).logSoftmax(0), labels)', steps);
    const early = await findingOf('wrong-loss-scale', script(10));
    expect(early).toMatchObject({ cause: 'softmax-over-batch', severity: 'error' });
    expect(early.evidence).toContain('over the 64 samples');
    expect(lineOfSite(early)).toBe(lineOf(script(10), 'const loss'));
    const late = await findingsOf(script(400));
    expect(late.map(({ cause, severity }) => [cause, severity])).toEqual([['softmax-over-batch', 'information']]);
  });

  test('healthy: of logarithms of probabilities', async () => {
    expect(await findingsOf(classifier('F.nllLoss(model(x).logSoftmax(1), labels)'))).toEqual([]);
  });
});

describe('answers and targets of different shapes', () => {
  const MLP = 'const model = new nn.Sequential(new nn.Linear(8, 16), new nn.Tanh(), new nn.Linear(16, 1));';

  test('every answer is held against every target', async () => {
    const script = trained(MLP, { loss: 'model(x).sub(y.squeeze(1)).square().mean()' });
    const finding = await findingOf('wrong-loss-scale', script);
    expect(finding).toMatchObject({ cause: 'broadcast' });
    expect(lineOfSite(finding)).toBe(lineOf(script, 'const loss'));
  });

  test('healthy: the same shape', async () => {
    expect(await findingsOf(trained(MLP))).toEqual([]);
  });
});
