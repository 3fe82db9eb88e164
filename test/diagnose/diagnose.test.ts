import { describe, expect, test } from 'vitest';
import { diagnose, isSettled } from '../../engine/diagnose/diagnose.ts';
import { run } from '../host/scripts.ts';

const HEAD = `import { nn, optim, F, tensor, randn, randint, ones, zeros, noGrad, manualSeed } from 'gradlens';
manualSeed(1);
`;

/** A loop that trains `model` on `x` and `y` with the loss of `loss`. */
const trained = (
  model: string,
  { steps = 60, lr = '0.05', loss = 'model(x).sub(y).square().mean()', data = '' } = {},
) => `${HEAD}
const [x, y] = [randn([64, 8]), randn([64, 1])];
${data}
${model}
const optimizer = new optim.SGD(model.parameters().filter((p) => p.requiresGrad), { lr: ${lr} });
for (let step = 0; step < ${steps}; step++) {
  optimizer.zeroGrad();
  const loss = ${loss};
  loss.backward();
  optimizer.step();
}
`;

const deep = (activation: string, depth: number, width = 16, init = '') => `
class Deep extends nn.Module {
  input = new nn.Linear(8, ${width});
  hidden = new nn.ModuleList(Array.from({ length: ${depth} }, () => new nn.Linear(${width}, ${width})));
  output = new nn.Linear(${width}, 1);
  forward(x) {
    let h = ${activation.replace('·', 'this.input(x)')};
    for (const layer of this.hidden) h = ${activation.replace('·', 'layer(h)')};
    return this.output(h);
  }
}
const model = new Deep();
${init}
`;

const HE = `for (const [name, p] of model.namedParameters())
  if (name.endsWith('weight')) nn.init.kaimingNormal_(p, { nonlinearity: 'relu' });
  else noGrad(() => p.fill_(0));`;

const RESIDUAL = `
class Block extends nn.Module {
  a = new nn.Linear(16, 16);
  b = new nn.Linear(16, 16);
  forward(x) {
    return x.add(this.b(this.a(x).relu()));
  }
}
const model = new nn.Sequential(new nn.Linear(8, 16), ...Array.from({ length: 8 }, () => new Block()), new nn.Linear(16, 1));`;

/** A cell with gates, over 20 steps of time. */
const GATED = `
class Gated extends nn.Module {
  update = new nn.Linear(8, 8);
  candidate = new nn.Linear(8, 8);
  readout = new nn.Linear(8, 1);
  forward(x) {
    let h = zeros([x.shape[0], 8]);
    for (let t = 0; t < 20; t++) {
      const z = this.update(x.add(h)).sigmoid();
      h = z.mul(h).add(z.neg().add(1).mul(this.candidate(x.add(h)).tanh()));
    }
    return this.readout(h);
  }
}
const model = new Gated();`;

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

describe('healthy: neither vanishing nor exploding', () => {
  test.each(healthy)('%s', async (_what, text) => {
    const { run: run_ } = await run(text);
    expect(run_.error).toBeNull();
    expect(run_.stepCount).toBeGreaterThanOrEqual(60);
    expect(
      diagnose(run_)
        .filter(({ id }) => id.endsWith('-gradient'))
        .map(({ evidence }) => evidence),
    ).toEqual([]);
  });
});

const findingsOf = async (text: string) => {
  const { run: run_ } = await run(text);
  expect(run_.error).toBeNull();
  return diagnose(run_);
};

describe('ill', () => {
  test('deep sigmoids', async () => {
    const [finding] = await findingsOf(trained(deep('·.sigmoid()', 10)));
    expect(finding).toMatchObject({ id: 'vanishing-gradient', cause: 'saturating-activation' });
    expect(finding.layers[0]).toBe('input');
    expect(finding.evidence).toContain('sigmoid');
    expect(finding.remedies.map(({ id }) => id)).toContain('activation');
  });

  test('weights that are too small', async () => {
    const [finding] = await findingsOf(
      trained(deep('·.relu()', 8, 16, 'noGrad(() => { for (const p of model.parameters()) p.mul_(0.1); });')),
    );
    expect(finding).toMatchObject({ id: 'vanishing-gradient', cause: 'small-weights' });
  });

  const LARGE = 'noGrad(() => { for (const p of model.parameters()) p.mul_(12); });';

  test('weights that are too large', async () => {
    const [finding] = await findingsOf(trained(deep('·.sin()', 8, 16, LARGE), { lr: '1e-30' }));
    expect(finding).toMatchObject({ id: 'exploding-gradient', cause: 'large-weights', severity: 'error' });
  });

  // Activations grow forward as the gradient grows backward, so that the weights' gradients are large all alike.
  test('weights that are too large, where activations grow as well', async () => {
    const [finding] = await findingsOf(trained(deep('·.relu()', 8, 16, LARGE), { lr: '1e-30' }));
    expect(finding).toMatchObject({ id: 'exploding-gradient', cause: 'large-weights', severity: 'error' });
  });

  test('a logarithm of what is not positive', async () => {
    const [finding] = await findingsOf(
      trained('const model = new nn.Linear(8, 1);', { loss: 'model(x).log().mean()' }),
    );
    expect(finding).toMatchObject({ id: 'non-finite', cause: 'forward-overflow', confidence: 1 });
    expect(finding.site?.line).toBe(10);
    expect(finding.evidence).toMatch(/log made NaN from finite inputs \(−/);
  });

  test('a gradient that is not finite while the loss is', async () => {
    const [finding] = await findingsOf(
      `${HEAD}const w = tensor([0, 1], { requiresGrad: true });\nw.sqrt().sum().backward();\n`,
    );
    expect(finding).toMatchObject({ id: 'non-finite', cause: 'backward-overflow', layers: ['w'] });
  });
});

describe('settled', () => {
  test('a sure finding after some steps; health after many', async () => {
    const ill = (await run(trained(deep('·.sigmoid()', 10)))).run;
    expect(isSettled(ill, diagnose(ill))).toBe(true);
    const short = (await run(trained('const model = new nn.Linear(8, 1);'))).run;
    expect(isSettled(short, diagnose(short))).toBe(false);
    const long = (await run(trained('const model = new nn.Linear(8, 1);', { steps: 201 }))).run;
    expect(isSettled(long, diagnose(long))).toBe(true);
  });
});
