import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { run } from '../host/scripts.ts';
import { deep, GATED, HE, READOUT, RESIDUAL, trained } from './scripts.ts';

const healthy: [string, string][] = [
  ['a deep ReLU network, He’s initialization', trained(deep('·.relu()', 10, 32, HE))],
  [
    'a deep tanh network, Glorot’s initialization',
    trained(
      deep(
        '·.tanh()',
        6,
        32,
        'for (const [name, p] of model.namedParameters()) if (name.endsWith("weight")) nn.init.xavierUniform_(p);',
      ),
    ),
  ],
  ['a residual network', trained(RESIDUAL)],
  ['a gated recurrence', trained(GATED)],
  ['a readout at every step of time', trained(READOUT, { lr: '0.001' })],
  ['a loss about 0', trained(deep('·.relu()', 2), { lr: '0.1', loss: 'model(x).mul(randn([64, 1])).mean()' })],
  [
    'targets that are not scaled',
    trained(deep('·.relu()', 2), { lr: '1e-6', data: 'noGrad(() => y.mul_(1000).add_(5000));' }),
  ],
  ['a tiny last layer', trained(deep('·.relu()', 2, 16, 'noGrad(() => model.output.weight.mul_(1e-4));'))],
  ['a loss that is a sum', trained(deep('·.relu()', 2), { lr: '1e-4', loss: 'model(x).sub(y).square().sum()' })],
  [
    'a loss a thousand times as large',
    trained(deep('·.relu()', 2), { lr: '1e-6', loss: 'model(x).sub(y).square().sum().mul(1000)' }),
  ],
  [
    'a loss a million times as small',
    trained(deep('·.relu()', 2), { loss: 'model(x).sub(y).square().mean().mul(1e-6)' }),
  ],
  ['a learning rate far too small', trained(deep('·.relu()', 3), { lr: '1e-9' })],
  [
    'logistic regression',
    trained('const model = new nn.Linear(8, 1);', {
      loss: 'new nn.BCEWithLogitsLoss()(model(x), y.gt(0).to("float32"))',
    }),
  ],
  [
    'a frozen backbone',
    trained(`${deep('·.relu()', 4)}model.input.requiresGrad_(false);
for (const layer of model.hidden) layer.requiresGrad_(false);`),
  ],
  [
    'an embedding alone',
    trained('const model = new nn.Embedding(10, 4);', {
      data: 'const i = randint(0, 10, [32]);',
      loss: 'model(i).square().sum()',
    }),
  ],
  [
    'an embedding before a network',
    trained(
      'const model = new nn.Sequential(new nn.Embedding(50, 8), new nn.Linear(8, 16), new nn.ReLU(), new nn.Linear(16, 1));',
      { data: 'const i = randint(0, 50, [32]);', loss: 'model(i).square().mean()' },
    ),
  ],
  [
    'a fit that becomes perfect',
    trained(deep('·.tanh()', 2), { steps: 400, lr: '0.1', data: 'noGrad(() => y.fill_(0));' }),
  ],
  ['three sigmoid layers', trained(deep('·.sigmoid()', 1))],
  [
    'layer normalization',
    trained(
      'const model = new nn.Sequential(...Array.from({ length: 8 }, (_, i) => [new nn.Linear(i ? 16 : 8, 16), new nn.LayerNorm(16), new nn.Sigmoid()]).flat(), new nn.Linear(16, 1));',
    ),
  ],
];

describe('healthy: no rule says anything', () => {
  test.each(healthy)('%s', async (_what, text) => {
    const { run: run_ } = await run(text);
    expect(run_.error).toBeNull();
    expect(run_.stepCount).toBeGreaterThanOrEqual(60);
    expect(diagnose(run_).map(({ id, evidence }) => `${id}: ${evidence}`)).toEqual([]);
  });
});
