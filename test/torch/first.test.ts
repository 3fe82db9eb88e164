import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { examples, interpreters, watch } from './python.ts';

describe.skipIf(interpreters.length === 0).each(interpreters)('torch $torch', (python) => {
  test('the first backward pass: −24 on the line that makes w, by that name', async () => {
    const { run, stdout, stderr, code } = await watch(python, path.join(examples, 'backprop.py'));
    expect({ stdout, stderr, code }).toEqual({ stdout: 'Gradient (dL/dw): -24.0\n', stderr: '', code: 0 });
    expect(run.start).toMatchObject({ engine: 'torch', engineVersion: python.torch });
    expect(run.end).toMatchObject({ ended: 'completed', exitCode: 0 });
    expect(run.parameters).toMatchObject([{ name: 'w', shape: [1], site: { line: 5, column: 5 } }]);
    const row = run.latestParameter(0);
    expect([row('gradientMean'), row('gradientNorm'), row('weightMean')]).toEqual([-24, 24, 2]);
    expect([run.stepCount, run.firstLoss]).toEqual([1, 16]);
    // dloss/derror = 2 · error = −8, shown on the variable that holds it
    const error = run.operations.find(({ site }) => site?.line === 8);
    expect(run.latestOperation(error!.id)('gradientNorm')).toBe(8);
  });

  test('twelve sigmoid layers: the layers by name, in order, and the cause', async () => {
    const { run } = await watch(python, path.join(examples, 'moons_vanishing.py'));
    const names = ['input', ...Array.from({ length: 11 }, (_, i) => `hidden.${i}`), 'output'];
    expect(run.parameters.map(({ name }) => name)).toEqual(names.flatMap((name) => [`${name}.weight`, `${name}.bias`]));
    expect(run.layers[0]).toMatchObject({ name: 'model', type: 'DeepSigmoid', parent: null, site: { line: 30 } });
    expect(run.stepCount).toBe(400);
    const [finding] = diagnose(run);
    expect(finding).toMatchObject({ id: 'vanishing-gradient', cause: 'saturating-activation', site: { line: 14 } });
    expect(finding.evidence).toMatch(/decades go to sigmoid/);
  });
});
