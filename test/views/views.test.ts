import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { FindingLives } from '../../engine/diagnose/life.ts';
import type { Run } from '../../engine/run/run.ts';
import { loadParser } from '../../engine/source/parser.ts';
import { symbolAt } from '../../engine/source/places.ts';
import { subjectOf } from '../../engine/source/subjects.ts';
import { findingsText } from '../../extension/editor/hover/findingsText.ts';
import { sparkline } from '../../extension/editor/hover/sparkline.ts';
import { describeSubject } from '../../extension/editor/hover/subjectText.ts';
import { runView, stepsPerSecond } from '../../extension/panel/runView.ts';
import { RunLogs } from '../../extension/runs/logs.ts';
import type { Session } from '../../extension/runs/session.ts';
import { folder, run } from '../host/scripts.ts';
import { step } from '../run/frames.ts';

/** What the views ask of a session whose run has ended. */
const ended = (run: Run, more: Partial<Session> = {}) =>
  ({
    id: 'a',
    name: 'script.ts',
    run,
    findings: diagnose(run),
    living: new FindingLives().follow(run, diagnose(run)),
    before: null,
    ...more,
    status: run.end!.ended,
    isLive: false,
  }) as unknown as Session;

const TRAINING = `import { nn, optim, randn, manualSeed } from 'gradlens';
manualSeed(3);
const model = new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Linear(8, 1));
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
const x = randn([16, 4]);
for (let i = 0; i < 1500; i++) {
  optimizer.zeroGrad();
  const loss = model(x).square().mean();
  loss.backward();
  optimizer.step();
}
`;

describe('the panel’s snapshot', () => {
  test('of a run', async () => {
    const { run: run_ } = await run(TRAINING);
    const view = runView(ended(run_));
    expect(view).toMatchObject({ status: 'completed', stepCount: 1500, missedSteps: 0, error: null, message: null });
    const { step: steps, loss } = view.history;
    expect([steps.length, steps[0], steps.at(-1)]).toEqual([1000, 0, 1499]);
    expect([...steps]).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(loss[0]).toBeCloseTo(run_.firstLoss, 5);
    expect(view.layers.map(({ name, place, parameters, verdict }) => [name, place, parameters, verdict])).toEqual([
      ['0', 'script.ts:3', 40, 'healthy'],
      ['2', 'script.ts:3', 9, 'healthy'],
    ]);
    for (const layer of view.layers) {
      expect(layer.gradientNorm).toHaveLength(1000);
      expect(layer.updateRatio[0]).toBeGreaterThan(0);
      expect(layer.latest.weightNorm).toBeGreaterThan(0);
      expect(layer.latest.gradientMin).toBeLessThanOrEqual(layer.latest.gradientMean);
    }
    structuredClone(view); // it crosses to another process
  });

  test('of a script that failed before its first step', async () => {
    const { run: run_ } = await run("const a = 1;\nthrow new TypeError('no');\n");
    const view = runView(ended(run_));
    expect(view.error).toEqual({ title: 'TypeError', message: 'no', place: 'script.ts:2' });
    expect([view.layers, view.history.step.length, view.stepsPerSecond]).toEqual([[], 0, 0]);
  });

  test('steps a second are those of the last seconds', async () => {
    const { run: run_ } = await run('');
    for (let i = 0; i < 200; i++) run_.apply(step(i, { time: i < 100 ? i / 100 : 10 + i / 10 }));
    expect(stepsPerSecond(run_)).toBeCloseTo(10, 0);
  });
});

describe('before and after a remedy', () => {
  const sigmoids = (activation: string) => `import { nn, optim, randn, manualSeed } from 'gradlens';
manualSeed(3);
const model = new nn.Sequential(new nn.Linear(4, 8), ...Array.from({ length: 12 }, () => [new nn.Linear(8, 8), new nn.${activation}]).flat(), new nn.Linear(8, 1));
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
const x = randn([64, 4]);
const y = x.slice(1, 0, 1).mul(2);
for (let i = 0; i < 60; i++) {
  optimizer.zeroGrad();
  model(x).sub(y).square().mean().backward();
  optimizer.step();
}
`;

  test('the finding is cured or still there, the loss and the layers of the run before stand beside', async () => {
    const { run: sick } = await run(sigmoids('Sigmoid()'));
    const [finding] = diagnose(sick);
    expect(finding.id).toBe('vanishing-gradient');
    const before = { run: sick, finding, remedy: 'Replace sigmoid' };

    const { run: well } = await run(sigmoids('LayerNorm(8)'));
    const view = runView(ended(well, { before })).before!;
    expect(view).toMatchObject({
      outcome: 'cured',
      finding: 'Vanishing gradient',
      remedy: 'Replace sigmoid',
      steps: 60,
    });
    expect([...view.history.loss]).toEqual([...Float32Array.from(sick.history.steps, ({ loss }) => loss)]);
    expect(view.gradientNorm[0]).toBeGreaterThan(0);
    expect(view.gradientNorm[0]).toBeLessThan(1e-6);

    // wrapped with normalizations between them, the layers are still the same ones
    const wrapped = sigmoids('Sigmoid()').replace(
      'new nn.Linear(8, 8), new',
      'new nn.Sequential(new nn.Linear(8, 8), new nn.LayerNorm(8)), new',
    );
    const { layers, before: same } = runView(ended((await run(wrapped)).run, { before }));
    const was = (name: string) => same!.gradientNorm[layers.findIndex((layer) => layer.name === name)];
    const own = runView(ended(sick)).layers;
    const norms = own.flatMap(({ type, gradientNorm }) => (type === 'Linear' ? [gradientNorm.at(-1)] : []));
    expect([was('0'), was('1.0'), was('23.0'), was('25')]).toEqual([norms[0], norms[1], norms[12], norms[13]]);
    expect(was('1.1')).toBeNaN();

    expect(runView(ended(sick, { before })).before?.outcome).toBe('there');
    const { run: failed } = await run("throw new TypeError('no');\n");
    expect(runView(ended(failed, { before })).before?.outcome).toBe('failed');
    expect(runView(ended(well)).before).toBeNull();
  });

  test('how far a finding has come is told by panel and hover', async () => {
    const { run: sick } = await run(sigmoids('Sigmoid()'));
    const [finding] = diagnose(sick);
    const cured = { finding, stage: 'cured', since: 12, seen: 40 } as const;
    const session = ended(sick, { findings: [], living: [cured] });
    expect(runView(session).findings).toMatchObject([{ id: finding.id, stage: 'cured', curedAt: 40 }]);
    expect(runView(ended(sick)).findings[0]).toMatchObject({ stage: 'settled', curedAt: null });
    expect(findingsText(session, finding.layers)).toBe('$(pass) Vanishing gradient: cured at step 40');
    expect(findingsText(ended(sick), [finding.layers[0]])).toBe('$(warning) Vanishing gradient');
    expect(findingsText(session, ['no layer of it'])).toBeNull();
  });
});

describe('the hover', () => {
  test('of a layer, an operation, a model', async () => {
    const { run: run_ } = await run(TRAINING.replace('1500', '5'));
    const tree = (await loadParser())(TRAINING);
    const lines = TRAINING.split('\n');
    const hover = (line: number, name: string) => {
      const symbol = symbolAt(tree, { row: line - 1, column: lines[line - 1].indexOf(name) })!;
      const subject = subjectOf(run_, run_.start!.script, symbol);
      return subject && describeSubject(ended(run_), subject, symbol.text, { edited: false, lineColor: '#888' });
    };
    const model = hover(3, 'model')!;
    expect(model).toContain('2 layers, 49 parameters');
    expect(model).toMatch(/^\| 0 \| .* \$\(check\) healthy \|$/m);
    const square = hover(8, 'square')!;
    expect(square).toMatch(/\*\*square\*\*.*float32 \\?\[16, 1/);
    expect(square).toContain('gain');
    expect(model).toContain('step 4');
    for (const text of [model, square]) expect(text).not.toMatch(/undefined|null|\[object/);
  });

  test('a single number is told as such, and what is old is told', async () => {
    const text = `import { tensor } from 'gradlens';\nconst w = tensor([2], { requiresGrad: true });\nw.mul(-12).sum().backward();\n`;
    const { run: run_ } = await run(text);
    const subject = { kind: 'parameters', parameters: run_.parameters } as const;
    const told = describeSubject(ended(run_), subject, 'w', { edited: true, lineColor: '#888' });
    expect(told).toContain('gradient **−12** · value 2');
    expect(told).toContain('the file was edited since');
  });
});

describe('the small chart', () => {
  const svg = (values: number[], at = (i: number) => i) => {
    const points = values.map((y, i) => ({ x: at(i), y }));
    return Buffer.from(sparkline(points, '#888').split(',')[1], 'base64').toString();
  };
  const path_ = (values: number[]) => / d="([^"]*)"/.exec(svg(values))![1];

  test('a line from left to right, the larger the higher', () => {
    const points = [...path_([1, 10, 100]).matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(points.map(([x]) => x)).toEqual([2, 80, 158]);
    expect(points[0][1]).toBeGreaterThan(points[1][1]);
    expect(points[1][1]).toBeGreaterThan(points[2][1]);
  });

  test('what was measured now and then stands where it was measured', () => {
    const path = / d="([^"]*)"/.exec(svg([1, 2, 4], (i) => [0, 10, 100][i]))![1];
    expect([...path.matchAll(/[ML]([\d.]+) /g)].map(([, x]) => Number(x))).toEqual([2, 17.6, 158]);
  });

  test('gaps where nothing can be drawn', () => {
    expect(path_([1, 0, 2, Number.NaN, 3, Infinity]).replace(/[^ML]/g, '')).toBe('MMM');
    expect(path_([Number.NaN, 0])).toBe('');
    expect(path_([])).toBe('');
    expect(path_([5])).not.toContain('NaN');
  });
});

describe('the logs that are kept', () => {
  const at = (file: string, seconds: number) => fs.utimesSync(file, seconds, seconds);

  test('the newest thirty, newest first', async () => {
    const logs = new RunLogs(path.join(folder(), 'new', 'logs'));
    const first = await logs.create('/home/me/script.ts');
    expect(path.basename(first)).toMatch(/^script\.ts [\dTZ-]+\.gradlens$/);
    const into = path.dirname(first);
    for (let i = 0; i < 40; i++) {
      fs.writeFileSync(path.join(into, `${i}.gradlens`), 'x');
      at(path.join(into, `${i}.gradlens`), 1000 + i);
    }
    fs.writeFileSync(path.join(into, 'notes.txt'), 'mine');
    await logs.create('/home/me/script.ts');
    expect((await logs.list()).map(({ name }) => name)).toEqual(
      Array.from({ length: 30 }, (_, i) => `${39 - i}.gradlens`),
    );
    expect(fs.existsSync(path.join(into, 'notes.txt'))).toBe(true);
  });

  test('found by name, never outside of the folder', async () => {
    const into = folder();
    fs.mkdirSync(path.join(into, 'logs'));
    fs.writeFileSync(path.join(into, 'logs', 'a.gradlens'), 'x');
    fs.writeFileSync(path.join(into, 'secret.gradlens'), 'x');
    const logs = new RunLogs(path.join(into, 'logs'));
    expect(await logs.find('a.gradlens')).toBe(path.join(into, 'logs', 'a.gradlens'));
    expect(await logs.find('../secret.gradlens')).toBeNull();
    expect(await logs.find('b.gradlens')).toBeNull();
  });

  test('no folder yet: no logs', async () => {
    expect(await new RunLogs(path.join(folder(), 'none')).list()).toEqual([]);
  });
});
