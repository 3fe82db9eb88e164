import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { calibrated } from '../../engine/diagnose/calibration.ts';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import type { Symptom } from '../../engine/diagnose/finding.ts';
import { nameOf, variants } from '../bench/diagnosis/cases.ts';
import { run } from '../host/scripts.ts';
import { deep, findingsOf, trained } from './scripts.ts';

/** What was taken for a fault, and is none, or not the one that hurts. */

test('healthy: a policy’s loss is 0 again once no choice is better than usual', async () => {
  const program = path.join(import.meta.dirname, '../bench/diagnosis/third/programs/policy.ts');
  const { run: trainedRun } = await run(fs.readFileSync(program, 'utf8'));
  expect(trainedRun.stepCount).toBe(260);
  expect(diagnose(trainedRun)).toEqual([]);
});

test('what is rarely right is no alarm', () => {
  const unfinished: Symptom = {
    id: 'learning-rate-low',
    cause: 'unfinished',
    strength: 'weak',
    severity: 'warning',
    layers: [],
    parameters: [],
    site: null,
    sites: [],
    step: 0,
    evidence: '',
    remedies: [],
  };
  expect(calibrated(unfinished)).toMatchObject({ severity: 'information' });
  expect(calibrated({ ...unfinished, cause: 'small-updates', strength: 'usual' })).toMatchObject({
    severity: 'warning',
  });
});

// Gradients that fade by two to three decades, in a model that learns nothing.
const FADING = deep('·.sigmoid()', 3, 16, 'noGrad(() => model.parameters().forEach((p) => p.mul_(1.5)));');
const noisy = { loss: 'model(x).sub(randn([64, 1])).square().mean()', steps: 150 };

test('a gradient that fades isn’t what holds back a model of which nothing moves', async () => {
  const ids = (lr: string) => findingsOf(trained(FADING, { ...noisy, lr })).then((found) => found.map(({ id }) => id));
  expect(await ids('1e-7')).not.toContain('vanishing-gradient');
  expect(await ids('0.002')).toContain('vanishing-gradient');
});

test('a gradient that fades by two decades does no harm where the optimizer makes up for it', async () => {
  const shuffled = variants().find((one) => nameOf(one) === 'sets, the labels of other samples');
  const { run: trainedRun } = await run(shuffled?.script ?? '');
  expect(trainedRun.error).toBeNull();
  expect(diagnose(trainedRun).map(({ id }) => id)).not.toContain('vanishing-gradient');
});
