import { describe, expect, test } from 'vitest';
import { deep, findingOf, findingsOf, GAN, lineOf, lineOfSite, trained } from './scripts.ts';

/** Optimizers that update nothing, or what they weren't meant for, and gradients that pass through others' parameters. */

test('a critic that is never zeroed: its generator’s gradients pass through it', async () => {
  const finding = await findingOf('missing-zero-grad', GAN.replace('  c.zeroGrad();\n', ''));
  expect(finding.layers).toEqual(['critic.0', 'critic.2']);
});

test('a critic that is never updated: its generator is zeroed late, and in time', async () => {
  const findings = await findingsOf(GAN.replace('  c.step();\n', ''));
  expect(findings.map(({ id, cause }) => `${id}/${cause}`)).toEqual(['not-optimized/never-updated']);
});

test('a generator that is cut off from its loss', async () => {
  const finding = await findingOf('frozen-parameter', GAN.replace('bce(critic(fake),', 'bce(critic(fake.detach()),'));
  expect(finding).toMatchObject({ cause: 'detached', layers: ['generator.0', 'generator.2'] });
});

test('an optimizer that holds the other’s parameters', async () => {
  const finding = await findingOf('not-optimized', GAN.replace('Adam(generator.', 'Adam(critic.'));
  expect(finding).toMatchObject({ cause: 'missing-from-optimizer', layers: ['generator.0', 'generator.2'] });
});

describe('an optimizer that is never told to update', () => {
  const script = trained(deep('·.relu()', 1)).replace('  optimizer.step();\n', '');

  test('is told, where it was made', async () => {
    const finding = await findingOf('not-optimized', script);
    expect(finding).toMatchObject({ cause: 'never-updated', severity: 'error' });
    expect(lineOfSite(finding)).toBe(lineOf(script, 'new optim.SGD'));
  });

  test('is told where the gradients are never zeroed, either: there is no end to the first step', async () => {
    const finding = await findingOf('not-optimized', script.replace('  optimizer.zeroGrad();\n', ''));
    expect(finding).toMatchObject({ cause: 'never-updated', severity: 'error' });
    expect(finding.evidence).toMatch(/In \d+ backward passes, whose gradients add up, SGD was never told to update/);
  });

  test('healthy: gradients are summed for a look, a few times', async () => {
    const few = script.replace('  optimizer.zeroGrad();\n', '').replace(/step < \d+/, 'step < 10');
    expect(await findingsOf(few)).toEqual([]);
  });

  test('healthy: weights are updated by hand', async () => {
    const byHand = script.replace(
      '  loss.backward();\n',
      '  loss.backward();\n  noGrad(() => model.parameters().forEach((p) => p.sub_(p.grad.mul(0.02))));\n',
    );
    expect(await findingsOf(byHand)).toEqual([]);
  });
});

test('units that nothing but biases tells apart, in a model that learns too little', async () => {
  const script = trained(
    deep(
      '·.tanh()',
      2,
      16,
      'for (const [n, p] of model.namedParameters()) if (n.endsWith("weight")) nn.init.constant_(p, 0.05);',
    ),
    {
      data: 'noGrad(() => y.copy_(x.slice(1, 0, 1).mul(x.slice(1, 1, 2))));',
      loss: 'F.mseLoss(model(x), y)',
      steps: 100,
      lr: '0.02',
    },
  );
  const finding = await findingOf('bad-initialization', script);
  expect(finding).toMatchObject({ cause: 'symmetry', strength: 'usual' });
});

test('a wrong backward whose terms cancel along a direction is found by another', async () => {
  const script = trained(
    `class Softplus extends autograd.Function {
  static forward(context, x) {
    context.saveForBackward(x);
    return x.exp().add(1).log();
  }
  static backward(context, gradient) {
    return gradient.mul(context.savedTensors[0].sigmoid()).neg();
  }
}
const layers = [new nn.Linear(8, 48), new nn.Linear(48, 1)];
const model = new nn.ModuleList(layers);`,
    { loss: 'F.mseLoss(layers[1](Softplus.apply(layers[0](x))), y)', steps: 5 },
  ).replace('import { nn', 'import { autograd, nn');
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const finding = await findingOf('gradient-check-failed', script.replace('manualSeed(1)', `manualSeed(${seed})`));
    expect(finding.cause).toBe('wrong-backward');
  }
});
