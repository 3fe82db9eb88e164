import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import type { FindingId } from '../../engine/diagnose/finding.ts';
import { propose } from '../../engine/repair/propose.ts';
import { tryRemedies } from '../../engine/repair/trial/trial.ts';
import { trained } from '../diagnose/scripts.ts';
import { run } from '../host/scripts.ts';
import { findingOf } from './remedy.ts';

const LABELS = "const labels = x.slice(1, 0, 4).argmax(1).to('int32');";
const CLASSES = 'const model = new nn.Sequential(new nn.Linear(8, 32), new nn.ReLU(), new nn.Linear(32, 4));';
const MLP = 'const model = new nn.Sequential(new nn.Linear(8, 32), new nn.ReLU(), new nn.Linear(32, 1));';
const classes = (loss: string, steps = 60, lr = '0.05') => trained(CLASSES, { data: LABELS, loss, steps, lr });
const numbers = (model: string, targets = 'x.slice(1, 0, 1).mul(2)') =>
  trained(model, { data: `noGrad(() => y.copy_(${targets}));`, loss: 'F.mseLoss(model(x), y)', steps: 200 });
const MASKED = 'model(x).mul(x).maskedFill(x.slice(1, 0, 1).gt(1), -Infinity)';
const OWN_DEVIATION =
  'noGrad(() => {\n  y.copy_(x.slice(1, 0, 1).mul(2));\n  x.slice(1, 7, 8).fill_(3);\n  x.sub_(x.mean(0)).div_(x.std(0));\n});';
const CROSS_ENTROPY = 'F.crossEntropy(model(x), labels)';

const YES = 'noGrad(() => y.copy_(x.slice(1, 0, 1).gt(0)));';
const LOG_LOSS = `const logLoss = (p, t) => {
  const q = p.clamp(1e-6, 1 - 1e-6);
  return t.mul(q.log()).add(t.neg().add(1).mul(q.neg().add(1).log())).mean();
};`;
const SIGNED = numbers(MLP).replace('F.mseLoss(model(x), y)', 'model(x).sub(y).mean()');
const PAIRS = numbers(MLP).replace('F.mseLoss(model(x), y)', 'model(x).sub(y.squeeze(1)).square().mean()');

const faults: readonly (readonly [what: string, finding: FindingId, remedy: string, text: string])[] = [
  ['a loss of the wrong sign', 'wrong-loss-scale', 'sign', classes(`${CROSS_ENTROPY}.neg()`)],
  [
    'an optimizer that is told to maximize',
    'wrong-loss-scale',
    'sign',
    classes(CROSS_ENTROPY).replace('{ lr', '{ maximize: true, lr'),
  ],
  [
    'a likelihood without its minus',
    'wrong-loss-scale',
    'sign',
    classes('model(x).logSoftmax(1).mul(F.oneHot(labels, 4)).sum(1).mean()'),
  ],
  [
    'a logistic loss by hand without its minus',
    'wrong-loss-scale',
    'sign',
    trained(`${MLP}\n${LOG_LOSS}`, { data: YES, loss: 'logLoss(model(x).sigmoid(), y)' }),
  ],
  ['errors with their signs', 'wrong-loss-scale', 'square', SIGNED],
  ['a column of answers less a row of targets', 'wrong-loss-scale', 'shape', PAIRS],
  ['scores for logarithms', 'wrong-loss-scale', 'log-softmax', classes('F.nllLoss(model(x), labels)')],
  [
    'probabilities for logarithms',
    'wrong-loss-scale',
    'log-softmax',
    classes('F.nllLoss(model(x).softmax(1), labels)', 20, '0.5'),
  ],
  [
    'probabilities over samples',
    'wrong-loss-scale',
    'softmax-axis',
    classes('F.nllLoss(model(x).logSoftmax(0), labels)', 20, '0.5'),
  ],
  [
    'a layer that drops nearly everything',
    'loss-plateau',
    'dropout',
    numbers(MLP.replace('new nn.ReLU(), ', 'new nn.ReLU(), new nn.Dropout(0.97), ')),
  ],
  [
    'answers that a sigmoid bounds',
    'loss-plateau',
    'unbounded',
    numbers(MLP.replace('(32, 1))', '(32, 1), new nn.Sigmoid())'), 'x.slice(1, 0, 1).add(4)'),
  ],
  [
    'a mask that leaves nothing of some rows',
    'non-finite',
    'finite-mask',
    trained(MLP, { loss: `F.mseLoss(${MASKED}.softmax(1).mul(x).sum(1, true), y)`, steps: 40 }),
  ],
  [
    'columns that are divided by their own deviation, one of which is the same everywhere',
    'non-finite',
    'divisor',
    trained(MLP, { data: OWN_DEVIATION, loss: 'F.mseLoss(model(x), y)', steps: 200 }),
  ],
  [
    'weights that are frozen',
    'frozen-parameter',
    'unfreeze',
    numbers(`${MLP}\nnoGrad(() => model[0].weight.mul_(0.02));\nmodel[0].requiresGrad_(false);`),
  ],
];

describe('an edit cures what was found', () => {
  test.each(faults)('%s', async (_what, id, remedy, text) => {
    const { run: before } = await run(text);
    const proposals = await propose(findingOf(before, id), before);
    const proposal = proposals.find((one) => one.id === remedy);
    const [{ after }] = [...(proposal?.edit?.texts.values() ?? [{ after: '' }])];
    expect(after, proposal?.reason ?? '').not.toBe('');
    const { run: cured } = await run(after);
    expect(cured.error, after).toBeNull();
    expect(diagnose(cured).map(({ id, cause, evidence }) => `${id}/${cause}: ${evidence}`)).toEqual([]);
  });
});

const trials: readonly (readonly [what: string, remedy: string, text: string])[] = [
  ['a loss of the wrong sign', 'sign', classes(`${CROSS_ENTROPY}.neg()`)],
  ['errors with their signs', 'square', SIGNED],
  ['a column of answers less a row of targets', 'shape', PAIRS],
];

test.each(trials)('%s: its remedy is proven by trial', async (_what, remedy, text) => {
  const { run: before } = await run(text);
  const finding = findingOf(before, 'wrong-loss-scale');
  const proposals = (await propose(finding, before)).filter(({ id }) => id === remedy);
  const [tried] = await tryRemedies(finding, before, proposals, { seeds: 3 });
  expect(tried).toMatchObject({ id: remedy, trial: { cured: 3, seeds: 3, control: 0, random: 0 } });
  expect(tried.trial.verdict, tried.trial.note ?? '').toBe('proven');
});
