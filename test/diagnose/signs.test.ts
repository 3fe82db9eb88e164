import { describe, expect, test } from 'vitest';
import { examine } from '../../engine/diagnose/diagnose.ts';
import { run } from '../host/scripts.ts';
import { deep, findingOf, findingsOf, HE, HEAD, lineOf, lineOfSite, trained } from './scripts.ts';

/** What is told from signs: how much, for how long, and together with harm. */

const MLP = deep('·.relu()', 1);
/** Targets that can be learned. */
const LEARNABLE = 'noGrad(() => y.copy_(x.slice(1, 0, 1).mul(2).add(x.slice(1, 1, 2))));';
const LABELS = "const labels = x.slice(1, 0, 4).argmax(1).to('int32');";
const CLASSES = 'new nn.Sequential(new nn.Linear(8, 32), new nn.ReLU(), new nn.Linear(32, 4))';
const classifier = (init: string, options: { lr?: string; steps?: number } = {}) =>
  trained(`const model = ${CLASSES};\n${init}`, { data: LABELS, loss: 'F.crossEntropy(model(x), labels)', ...options });

const idsOf = async (script: string) => (await findingsOf(script)).map(({ id, evidence }) => `${id}: ${evidence}`);

describe('dead-units', () => {
  const killed = `${deep('·.relu()', 2)}noGrad(() => model.hidden[0].bias.fill_(-50));`;

  test('a bias that no input gets over', async () => {
    const finding = await findingOf('dead-units', trained(killed));
    expect(finding).toMatchObject({ cause: 'dead-relu', severity: 'error' });
    expect(finding.layers[0]).toBe('hidden.0');
    expect(lineOfSite(finding)).toBe(lineOf(trained(killed), 'hidden = '));
    expect(finding.evidence).toMatch(/^100 % of the units after hidden.0/);
  });

  test.each([
    [
      'half of the units dead, and the rest learns',
      trained(`${MLP}noGrad(() => model.input.bias.slice(0, 0, 8).fill_(-50));`, { data: LEARNABLE, steps: 150 }),
    ],
    [
      'small batches, where units are quiet now and then',
      trained(MLP, {
        data: LEARNABLE,
        loss: '((i) => model(x.slice(0, i, i + 1)).sub(y.slice(0, i, i + 1)).square().mean())(step % 64)',
        lr: '0.01',
        steps: 200,
      }),
    ],
    [
      'a ReLU at the end, for what isn’t negative',
      trained(
        'const model = new nn.Sequential(new nn.Linear(8, 16), new nn.ReLU(), new nn.Linear(16, 1), new nn.ReLU());',
        { data: 'noGrad(() => y.copy_(x.slice(1, 0, 1).abs()));', steps: 150 },
      ),
    ],
  ])('healthy: %s', async (_what, script) => {
    expect(await idsOf(script)).toEqual([]);
  });
});

describe('saturated-activation', () => {
  test('weights that are too large for tanh', async () => {
    const script = trained(
      deep('·.tanh()', 2, 16, 'noGrad(() => { for (const p of model.parameters()) p.mul_(20); });'),
      { lr: '1e-5' },
    );
    const finding = await findingOf('saturated-activation', script);
    expect(finding).toMatchObject({ cause: 'large-preactivations', step: 0 });
    expect(finding.layers).toContain('input');
    expect(finding.evidence).toMatch(/tanh gives after input .* from the beginning/);
  });

  test.each([
    [
      'the sigmoid of a sure classifier',
      trained(`${MLP}`, {
        data: 'noGrad(() => y.copy_(x.slice(1, 0, 1).gt(0)));',
        loss: 'F.binaryCrossEntropy(model(x).sigmoid().mul(0.999).add(0.0005), y)',
        lr: '0.3',
        steps: 150,
      }),
    ],
    [
      'tanh units that turn out binary, and it learns',
      trained(deep('·.tanh()', 1, 16, 'noGrad(() => model.input.weight.mul_(8));'), { data: LEARNABLE, steps: 150 }),
    ],
  ])('healthy: %s', async (_what, script) => {
    expect(await idsOf(script)).toEqual([]);
  });
});

describe('bad-initialization', () => {
  const constant = (value: number) => `for (const p of model.parameters()) noGrad(() => p.fill_(${value}));`;

  test.each([
    ['constants', constant(0.1)],
    ['ones', constant(1)],
    ['zeros', constant(0)],
  ])('symmetry: %s', async (_what, init) => {
    const script = trained(deep('·.relu()', 1, 16, init), { lr: '1e-4', data: LEARNABLE });
    const finding = await findingOf('bad-initialization', script);
    expect(finding).toMatchObject({ cause: 'symmetry', severity: 'error', step: 0 });
    expect(finding.layers[0]).toBe('input');
    expect(lineOfSite(finding)).toBe(lineOf(script, 'input = '));
  });

  test('symmetry that rounding breaks after some updates, as some matrix products do', async () => {
    const rounds = 'step === 12 ? noGrad(() => model.input.weight.slice(0, 3, 4).mul_(1.000001)) : null';
    const script = trained(deep('·.relu()', 1, 16, constant(0.1)), {
      lr: '1e-4',
      data: LEARNABLE,
      loss: `(${rounds}, F.mseLoss(model(x), y))`,
    });
    const finding = await findingOf('bad-initialization', script);
    expect(finding).toMatchObject({ cause: 'symmetry', severity: 'error' });
    expect(finding.layers).toContain('input');
  });

  test('weights that are much too large', async () => {
    const script = trained(
      deep('·.tanh()', 1, 64, 'for (const p of model.parameters()) nn.init.normal_(p, { std: 3 });'),
      { lr: '1e-4', loss: 'F.mseLoss(model(x), y)' },
    );
    expect(await findingOf('bad-initialization', script)).toMatchObject({ cause: 'large-weights' });
  });

  test('weights that are much too small', async () => {
    const script = trained(
      deep('·.relu()', 0, 16, 'for (const p of model.parameters()) nn.init.normal_(p, { std: 1e-4 });'),
      { data: 'noGrad(() => y.copy_(x.slice(1, 0, 1).mul(x.slice(1, 1, 2))));', steps: 100, lr: '0.01' },
    );
    expect(await findingOf('bad-initialization', script)).toMatchObject({ cause: 'small-weights' });
  });

  test.each([
    [
      'a last layer that begins at 0',
      trained(`${MLP}noGrad(() => { model.output.weight.fill_(0); model.output.bias.fill_(0); });`, {
        data: LEARNABLE,
        steps: 150,
      }),
    ],
    [
      'logistic regression from 0',
      trained('const model = new nn.Linear(8, 4);\nnoGrad(() => model.weight.fill_(0));', {
        data: LABELS,
        loss: 'F.crossEntropy(model(x), labels)',
        lr: '0.5',
      }),
    ],
    [
      'one layer of constants, which soon differ',
      trained(`${MLP}noGrad(() => model.input.weight.fill_(0.1));`, { data: LEARNABLE, steps: 150 }),
    ],
    [
      'a normal start of 0.01 that trains',
      classifier('for (const p of model.parameters()) nn.init.normal_(p, { std: 0.01 });', { lr: '0.5', steps: 300 }),
    ],
  ])('healthy: %s', async (_what, script) => {
    expect(await idsOf(script)).toEqual([]);
  });
});

describe('learning-rate-high', () => {
  test('divergence', async () => {
    const script = trained('const model = new nn.Linear(8, 1);', { data: LEARNABLE, lr: '1.2', steps: 30 });
    const finding = await findingOf('learning-rate-high', script);
    expect(finding.cause).toBe('divergence');
    expect(lineOfSite(finding)).toBe(lineOf(script, 'new optim.SGD'));
  });

  test('activations that are driven to their ends', async () => {
    const script = trained(deep('·.tanh()', 1, 32), {
      data: `noGrad(() => x.mul_(5));\n${LABELS}`,
      loss: 'F.crossEntropy(model(x.add(randn([64, 8]))), randint(0, 4, [64]).to("int32"))',
      lr: '0.08',
      steps: 600, // activations are measured now and then
    })
      .replace('optim.SGD', 'optim.Adam')
      .replace('output = new nn.Linear(32, 1)', 'output = new nn.Linear(32, 4)');
    expect(await findingOf('learning-rate-high', script)).toMatchObject({ cause: 'drives-into-saturation' });
  });

  test('first updates as large as the weights', async () => {
    const script = trained(deep('·.tanh()', 2), {
      data: LEARNABLE,
      loss: 'F.mseLoss(model(x), y)',
      lr: '1',
      steps: 80,
    }).replace('optim.SGD', 'optim.Adam');
    expect((await findingsOf(script)).map(({ id }) => id)).toContain('learning-rate-high');
  });

  test.each([
    ['a high rate that is stable', classifier('', { lr: '1', steps: 150 })],
    [
      'warm restarts',
      classifier('', { lr: '0.5', steps: 150 })
        .replace(
          'for (let step',
          'const schedule = new optim.CosineAnnealingWarmRestarts(optimizer, { t0: 30 });\nfor (let step',
        )
        .replace('optimizer.step();', 'optimizer.step();\n  schedule.step();'),
    ],
  ])('healthy: %s', async (_what, script) => {
    expect(await idsOf(script)).toEqual([]);
  });
});

describe('learning-rate-low', () => {
  test('weights that hardly move', async () => {
    const script = classifier('', { lr: '1e-7', steps: 150 });
    const finding = await findingOf('learning-rate-low', script);
    expect(lineOfSite(finding)).toBe(lineOf(script, 'new optim.SGD'));
  });

  test('healthy: a long warm-up, while the run goes on', async () => {
    const script = classifier('', { steps: 160 }).replace(
      'optimizer.zeroGrad();',
      'optimizer.paramGroups[0].lr = 1e-8 * (step + 1);\n  optimizer.zeroGrad();',
    );
    const { run: stopped } = await run(script, { steps: 150 });
    expect(stopped.end?.ended).toBe('stopped');
    expect(examine(stopped)).toEqual([]);
  });
});

describe('unscaled-input', () => {
  test('pixels from 0 to 255', async () => {
    const script = trained(`const model = ${CLASSES};`, {
      data: `noGrad(() => x.copy_(x.sigmoid().mul(255)));\n${LABELS}`,
      loss: 'F.crossEntropy(model(x), labels)',
    });
    const finding = await findingOf('unscaled-input', script);
    expect(finding).toMatchObject({ cause: 'large-values', layers: ['0'] });
    expect(lineOfSite(finding)).toBe(lineOf(script, 'new nn.Linear(8, 32)'));
  });

  test.each([
    [
      'the same pixels, normalized first',
      trained(
        'const model = new nn.Sequential(new nn.BatchNorm1d(8), new nn.Linear(8, 32), new nn.ReLU(), new nn.Linear(32, 4));',
        {
          data: `noGrad(() => x.copy_(x.sigmoid().mul(255)));\n${LABELS}`,
          loss: 'F.crossEntropy(model(x), labels)',
          lr: '0.5',
          steps: 150,
        },
      ),
    ],
    [
      'values up to 8, which learn',
      trained(`const model = ${CLASSES};`, {
        data: `noGrad(() => x.copy_(x.sigmoid().mul(8)));\n${LABELS}`,
        loss: 'F.crossEntropy(model(x), labels)',
        steps: 300,
      }),
    ],
  ])('healthy: %s', async (_what, script) => {
    expect(await idsOf(script)).toEqual([]);
  });
});

describe('wrong-loss-scale', () => {
  test('a last layer that is too large', async () => {
    const script = classifier('noGrad(() => model[2].weight.mul_(30));', { lr: '1e-4' }).replace(
      'model[2]',
      '[...model.children()][2]',
    );
    const finding = await findingOf('wrong-loss-scale', script);
    expect(finding.layers).toEqual(['2']);
    expect(finding.evidence).toContain('ln 4 = 1.39');
  });

  test('healthy: a loss that is a sum', async () => {
    expect(
      await idsOf(
        classifier('', { lr: '0.005', steps: 150 }).replace(
          '(model(x), labels)',
          "(model(x), labels, { reduction: 'sum' })",
        ),
      ),
    ).toEqual([]);
  });
});

describe('loss-plateau', () => {
  test('labels that have nothing to do with the input', async () => {
    const script = trained(`const model = ${CLASSES};`, {
      data: '',
      loss: "F.crossEntropy(model(randn([64, 8])), randint(0, 4, [64]).to('int32'))",
      steps: 250,
    });
    expect(await findingOf('loss-plateau', script)).toMatchObject({ cause: 'no-better-than-constant' });
  });

  test('healthy: what has been learned as far as it can be', async () => {
    const script = trained('const model = new nn.Linear(8, 1);', {
      data: `${LEARNABLE}\nnoGrad(() => y.add_(randn([64, 1])));`,
      loss: 'F.mseLoss(model(x), y)',
      lr: '0.1',
      steps: 400,
    });
    expect(await idsOf(script)).toEqual([]);
  });
});

describe('oscillating-loss', () => {
  test('a valley crossed at every step', async () => {
    // ((w − 10)² − 1)² has curvature 8 at 11: beyond a rate of 2/8, descent jumps between two points.
    const script = `${HEAD}const w = tensor([[10.9, 10.9], [10.9, 10.9]], { requiresGrad: true });
const optimizer = new optim.SGD([w], { lr: 0.28 });
for (let step = 0; step < 100; step++) {
  optimizer.zeroGrad();
  w.sub(10).square().sub(1).square().sum().backward();
  optimizer.step();
}
`;
    expect((await findingsOf(script)).map(({ id }) => id)).toEqual(['oscillating-loss']);
  });

  test('healthy: noisy batches', async () => {
    const script = trained(MLP, {
      loss: '((b) => model(b).sub(b.slice(1, 0, 1).add(randn([4, 1]).mul(0.6))).square().mean())(randn([4, 8]))',
      lr: '0.01',
      steps: 400,
    });
    expect(await idsOf(script)).toEqual([]);
  });
});

describe('small-batch-norm', () => {
  const normalized = (batch: number) => `${HEAD}
const model = new nn.Sequential(new nn.Conv2d(1, 4, 3), new nn.BatchNorm2d(4), new nn.ReLU(), new nn.Flatten(), new nn.Linear(4 * 36, 1));
const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
for (let step = 0; step < 40; step++) {
  optimizer.zeroGrad();
  const x = randn([${batch}, 1, 8, 8]);
  F.mseLoss(model(x), x.mean([1, 2, 3]).reshape([-1, 1])).backward();
  optimizer.step();
}
`;
  test('two images', async () => {
    const finding = await findingOf('small-batch-norm', normalized(2));
    expect(finding.layers).toEqual(['1']);
    expect(finding.evidence).toContain('2 samples');
  });

  test('healthy: sixteen images', async () => {
    expect(await idsOf(normalized(16))).toEqual([]);
  });
});

describe('overfitting', () => {
  const evaluated = (train: number, decay: number) => `${HEAD}
const truth = (x) => x.slice(1, 0, 1).add(randn([x.shape[0], 1]).mul(0.7));
const [a, b] = [randn([${train}, 8]), randn([512, 8])];
const [ya, yb] = [truth(a), truth(b)];
const model = new nn.Sequential(new nn.Linear(8, 128), new nn.ReLU(), new nn.Linear(128, 1));
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01, weightDecay: ${decay} });
for (let step = 0; step < 300; step++) {
  optimizer.zeroGrad();
  F.mseLoss(model(a), ya).backward();
  optimizer.step();
  if (step % 20 === 0) noGrad(() => F.mseLoss(model(b), yb));
}
`;
  test('few samples learned by heart', async () => {
    const finding = await findingOf('overfitting', evaluated(24, 0));
    expect(finding.evidence).toMatch(/In evaluation the loss was best at step/);
  });

  test('healthy: enough samples', async () => {
    expect(await idsOf(evaluated(1024, 0.1))).toEqual([]);
  });
});

test('healthy: a deep network, well initialized, that learns for long', async () => {
  expect(await idsOf(trained(deep('·.relu()', 6, 32, HE), { data: LEARNABLE, lr: '0.01', steps: 300 }))).toEqual([]);
});
