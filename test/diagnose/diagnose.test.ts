import { describe, expect, test } from 'vitest';
import { diagnose, isSettled, stepsNeeded } from '../../engine/diagnose/diagnose.ts';
import { run } from '../host/scripts.ts';
import { deep, findingsOf, HEAD, trained } from './scripts.ts';

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
    expect(finding).toMatchObject({ id: 'non-finite', cause: 'forward-overflow' });
    expect(finding.strength).toBe('strong');
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

test('of several rules with the same finding, the one that tells it says how many steps it needs', async () => {
  const { run: ill } = await run(trained(deep('·.sigmoid()', 10)));
  expect(stepsNeeded('vanishing-gradient', ill)).toBe(5);
  // which nobody tells: the most that any needs
  expect(stepsNeeded('loss-plateau', ill)).toBe(300);
});
