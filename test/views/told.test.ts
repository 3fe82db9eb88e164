import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { FindingLives } from '../../engine/diagnose/life.ts';
import { verdictOf } from '../../engine/diagnose/verdict.ts';
import { report } from '../../engine/host/report.ts';
import { changedGradients } from '../../engine/run/clipping.ts';
import { layerGroups } from '../../engine/run/groups.ts';
import { notesOf } from '../../engine/run/notes.ts';
import { Run } from '../../engine/run/run.ts';
import { ACTIVATION_STATISTICS, PARAMETER_STATISTICS } from '../../engine/run/statistics.ts';
import { describeSubject } from '../../extension/editor/hover/subjectText.ts';
import { runView } from '../../extension/panel/runView.ts';
import type { Session } from '../../extension/runs/session.ts';
import { rows, start, step } from '../run/frames.ts';
import { runOf } from '../run/ranked.ts';

const sessionOf = (run: Run) =>
  ({
    id: 'a',
    name: 'ddp.py',
    run,
    findings: diagnose(run),
    status: 'running',
    isLive: true,
    pausedAt: null,
    living: new FindingLives().follow(run, diagnose(run)),
    before: null,
  }) as unknown as Session;

const hoverOf = (session: Session, name: string) => {
  const group = layerGroups(session.run).find((one) => one.name === name)!;
  return describeSubject(session, { kind: 'layers', groups: [group] }, name, { edited: false, lineColor: '#000' });
};

describe('two ranks, one of which is fed unscaled data', () => {
  const run = runOf({ outputs: [0.5, 1], gradients: [0.1, 1] }, { outputs: [8, 1], gradients: [1.6, 1] });
  const session = sessionOf(run);

  test('the hover has both, marks who differs, and does not call the layer healthy', () => {
    const text = hoverOf(session, '0');
    expect(text).toMatch(/rank 0 \|.*rank 1 \|/s);
    expect(text).toMatch(/\*\*1\.\d+\*\* \$\(warning\) 1\d(\.\d)? × the other/);
    expect(text).toContain('$(warning) Ranks disagree');
    expect(text).not.toContain('healthy');
    expect(verdictOf(run, session.findings, layerGroups(run)[0])).toBe('concerned');
    expect(hoverOf(session, '1')).not.toContain('Ranks disagree');
  });

  test('the panel has them side by side; a rank’s own numbers can be chosen', () => {
    const { ranks, layers } = runView(session);
    expect(ranks).toMatchObject({ all: [0, 1], chosen: null, layerCount: 2 });
    const [first, second] = ranks!.layers;
    expect(first.name).toBe('0');
    expect(first.gradient[1].times).toBeGreaterThan(10);
    expect(first.output[0].times).toBeLessThan(0.1);
    expect(second.gradient.map(({ times }) => times)).toEqual([null, null]);
    expect(layers[0].gradientNorm.every(Number.isNaN)).toBe(true); // nothing was averaged in these frames
    const own = runView(session, 1);
    expect(own.ranks?.chosen).toBe(1);
    expect(own.layers[0].gradientNorm[0]).toBeGreaterThan(1);
    expect(runView(session, 7).ranks?.chosen).toBeNull();
  });

  test('a step that was measured without own gradients hides nothing', () => {
    for (const rank of [run, run.ranks.get(1)!]) {
      const nothing = PARAMETER_STATISTICS.map(() => Number.NaN);
      rank.apply(step(10, { parameters: rows([0, 1], [...nothing, ...nothing]) }));
    }
    expect(runView(session).ranks?.layers[0].gradient[1].value).toBeGreaterThan(1);
    expect(hoverOf(session, '0')).toMatch(/\| rank 1 \| \*\*1\./);
  });

  test('--json has what each measured', () => {
    const { ranks } = report(run, session.findings, '/');
    expect(ranks).toHaveLength(2);
    expect(ranks[1]).toMatchObject({
      rank: 1,
      parameters: [{ name: '0.weight', ownGradientNorm: expect.any(Number) }, { name: '1.weight' }],
      layers: [{ name: '0', output: { std: expect.any(Number) } }, { name: '1' }],
    });
  });

  test('what several ranks note is said once', () => {
    const noted = runOf({ outputs: [1, 1] }, { outputs: [1, 1] });
    for (const rank of [noted, noted.ranks.get(1)!])
      rank.apply({ kind: 'note', topic: 'compiled', message: 'Parameters only.', step: 0 });
    noted.ranks.get(1)?.apply({ kind: 'note', topic: 'observer', message: 'Rank 1 is no longer watched.', step: 3 });
    expect(notesOf(noted).map(({ message }) => message)).toEqual(['Parameters only.', 'Rank 1 is no longer watched.']);
  });
});

describe('a run that is measured now and then, on samples', () => {
  const values: { readonly [name: string]: number } = { gradientMax: 0.5, gradientMin: -0.25, gradientNonFinite: 0 };
  const value = (name: string) => values[name] ?? 0.125;
  const run = new Run();
  const sampling = { elements: 4096, exact: ['gradientNorm', 'weightNorm'], budget: 5 };
  run.apply({ ...start, engine: 'torch', sampling });
  const site = { file: '/a.py', line: 1, column: 1 };
  run.apply({ kind: 'layer', id: 0, name: 'fc', type: 'Linear', description: 'Linear', parent: null, site });
  for (const [id, shape] of [[512, 512], [512]].entries())
    run.apply({ kind: 'parameter', id, name: id ? 'fc.bias' : 'fc.weight', shape, dtype: 'float32', layer: 0, site });
  for (let i = 0; i < 40; i++) {
    const parameters = rows(
      [0, 1],
      [0, 1].flatMap(() => PARAMETER_STATISTICS.map(value)),
    );
    run.apply(step(i, i % 4 ? {} : { parameters }));
  }
  run.apply({ kind: 'note', topic: 'scaled-loss', message: 'Outputs’ gradients are scaled.', step: 0 });
  const session = sessionOf(run);

  test('the hover marks what is of a sample, and says of how much and how often', () => {
    const text = hoverOf(session, 'fc');
    const [weight, bias] = ['weight', 'bias'].map((name) =>
      text.split('\n').find((line) => line.startsWith(`| ${name}`)),
    );
    expect(weight).toMatch(/0\.125 \| ≈ 0\.125 \| ≈ 0\.125 \| ≤ −0\.25 \| ≥ 0\.5 \| 0\.125 \| ≈ 1 \|$/);
    expect(bias).not.toMatch(/[≈≤≥]/);
    expect(text).toContain('of 4,096 of 262,144 elements');
    expect(text).toContain('measured at 10 of 40 steps');
    expect(text).toContain('$(info) Outputs’ gradients are scaled.');
    // the curve has no gaps where nothing was measured
    const svg = Buffer.from(/base64,([^ ]+)/.exec(text)?.[1] ?? '', 'base64').toString();
    expect(/ d="([^"]*)"/.exec(svg)?.[1].replace(/[^ML]/g, '')).toBe(`M${'L'.repeat(9)}`);
    const parameter = describeSubject(session, { kind: 'parameters', parameters: [run.parameters[0]] }, 'w', {
      edited: false,
      lineColor: '#000',
    });
    expect(parameter).not.toContain('are scaled'); // parameters aren't
  });

  test('however long it is, the panel gets the steps that were measured', () => {
    const long = new Run();
    long.apply({ ...start, engine: 'torch', sampling });
    long.apply({ kind: 'parameter', id: 0, name: 'w', shape: [1], dtype: 'float32', layer: null, site });
    const parameters = rows([0], PARAMETER_STATISTICS.map(value));
    for (let i = 0; i < 4000; i++) long.apply(step(i, i % 25 === 7 ? { parameters } : {}));
    const { history, layers } = runView(sessionOf(long));
    expect([history.step.length, history.step[0], history.step.at(-1)]).toEqual([1000, 0, 3999]);
    expect([...history.step]).toEqual([...new Set(history.step)].sort((a, b) => a - b));
    expect(layers[0].gradientNorm.filter((norm) => !Number.isNaN(norm))).toHaveLength(160);
  });

  test('the panel and --json say so, too', () => {
    const view = runView(session);
    expect(view).toMatchObject({ measured: 'measured at 10 of 40 steps', notes: ['Outputs’ gradients are scaled.'] });
    expect(view.layers[0].sampled).toBe(4096);
    const json = report(run, [], '/');
    expect(json.sampling).toEqual({
      ...sampling,
      measuredSteps: 10,
      activationSteps: 0,
      histogramSteps: 0,
      measuring: null,
    });
    expect(json.notes).toEqual([{ topic: 'scaled-loss', message: 'Outputs’ gradients are scaled.', step: 0 }]);
    expect(json.parameters).toMatchObject([{ sampledElements: 4096, steps: 10 }, { sampledElements: null }]);
    expect(json.ranks).toEqual([]);
  });
});

describe('a run of the embedded engine', () => {
  /** Of 2,000 steps, one of so many is sampled; `measuring`: what the end frame says it took. */
  const sampled = (every: { readonly activations: number; readonly histograms: number }, measuring?: number) => {
    const run = new Run();
    run.apply(start);
    const operations = rows(
      [0],
      ACTIVATION_STATISTICS.map(() => 1),
    );
    const histograms = { ids: Uint32Array.of(0), values: new Uint32Array(4) };
    for (let i = 0; i < 2000; i++)
      run.apply(
        step(i, {
          ...(i % every.activations ? {} : { operations }),
          ...(i % every.histograms ? {} : { histograms }),
        }),
      );
    if (measuring !== undefined)
      run.apply({ kind: 'end', ended: 'completed', exitCode: 0, message: null, site: null, time: 1, measuring });
    return run;
  };

  test('tells how often it measured what is sampled, and what measuring took', () => {
    const text = 'activations measured at 500 of 2,000 steps, histograms at 1,000';
    const live = sampled({ activations: 4, histograms: 2 });
    expect(runView(sessionOf(live)).measured).toBe(text);
    expect(report(live, [], '/').sampling).toEqual({
      measuredSteps: 0,
      activationSteps: 500,
      histogramSteps: 1000,
      measuring: null,
    });
    const ended = sampled({ activations: 4, histograms: 2 }, 0.0414);
    expect(runView(sessionOf(ended)).measured).toBe(`${text} · 4.1 % of the time`);
    expect(report(ended, [], '/').sampling).toMatchObject({ measuring: 0.0414 });
  });

  test('says nothing where all was measured at every step', () => {
    expect(runView(sessionOf(sampled({ activations: 1, histograms: 1 }, 0.02))).measured).toBeNull();
  });
});

describe('gradients that were clipped before the update', () => {
  const clipped = (note: boolean) => {
    const run = new Run();
    run.apply({ ...start, engine: 'torch' });
    const site = { file: '/a.py', line: 1, column: 1 };
    run.apply({ kind: 'layer', id: 0, name: 'fc', type: 'Linear', description: 'Linear', parent: null, site });
    for (const [id, name] of ['fc.weight', 'fc.bias'].entries())
      run.apply({ kind: 'parameter', id, name, shape: [2], dtype: 'float32', layer: 0, site });
    // of the bias nothing is said of before: nothing has changed it
    const norms = [{ gradientNorm: 0.3, gradientNormBefore: 3 }, { gradientNorm: 4 }] as const;
    const values = norms.flatMap((of) =>
      PARAMETER_STATISTICS.map((name) => (of as { [name: string]: number })[name] ?? Number.NaN),
    );
    run.apply(step(0, { parameters: rows([0, 1], values) }));
    if (note) run.apply({ kind: 'note', topic: 'scaled-loss', message: 'The loss is scaled.', step: 0 });
    return run;
  };
  const run = clipped(false);

  test('the hover, the panel and --json have both norms', () => {
    const session = sessionOf(run);
    expect(hoverOf(session, 'fc')).toContain('gradient norm **4.01** (clipped from 5)');
    const parameter = (id: number) =>
      describeSubject(session, { kind: 'parameters', parameters: [run.parameters[id]] }, 'w', {
        edited: false,
        lineColor: '#000',
      });
    expect(parameter(0)).toContain('gradient norm **0.3** (clipped from 3)');
    expect(parameter(1)).not.toContain('clipped');
    const { changed } = runView(session);
    expect(changed).toMatchObject({ how: 'clipped', before: 5, after: expect.closeTo(4.011, 3) });
    expect(report(run, [], '/').parameters).toMatchObject([
      { gradient: { norm: expect.closeTo(0.3), normBefore: 3 } },
      { gradient: { norm: 4, normBefore: null } },
    ]);
  });

  test('what a GradScaler does to them is no clipping', () => {
    expect(changedGradients(clipped(true))?.how).toBe('unscaled');
    expect(hoverOf(sessionOf(clipped(true)), 'fc')).toContain('(unscaled from 5)');
  });

  test('nothing is said where nothing has changed them', () => {
    const plain = new Run();
    plain.apply({ ...start, engine: 'torch' });
    expect(changedGradients(plain)).toBeNull();
  });
});

test('the panel says once what an error says', () => {
  const ended = (message: string) => {
    const run = new Run();
    run.apply({ ...start, engine: 'torch' });
    run.apply({ kind: 'error', name: 'SyntaxError', message: "expected ':'", stack: null, site: null });
    run.apply({ kind: 'end', ended: 'failed', exitCode: 1, message, site: null, time: 0 });
    return runView(sessionOf(run)).message;
  };
  expect(ended("expected ':'")).toBeNull();
  expect(ended('It was ended with its terminal.')).toBe('It was ended with its terminal.');
});
