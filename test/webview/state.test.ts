import { describe, expect, it } from 'vitest';
import { initialModel, isSinglePass, type Model, nearestIndex, reduce, shownStep } from '../../webview/flow/state.ts';
import { running, single, vanishing } from './runs.ts';

function showing(model: Model, run: ReturnType<typeof running>): Model {
  return reduce(model, { kind: 'show', state: { kind: 'run', run } });
}

describe('what the panel shows', () => {
  it('follows the newest step until somebody goes back', () => {
    let model = showing(initialModel(undefined), running(100));
    expect(shownStep(running(100), model.intent)).toEqual({ index: 99, step: 99, measured: 99, live: true });
    expect(shownStep(running(110), showing(model, running(110)).intent)).toMatchObject({ index: 109, live: true });

    model = reduce(model, { kind: 'scrub', step: 40.3 });
    const later = running(110);
    expect(shownStep(later, showing(model, later).intent)).toEqual({ index: 40, step: 40, measured: 40, live: false });

    model = reduce(model, { kind: 'scrub', step: null });
    expect(shownStep(later, model.intent).live).toBe(true);
  });

  it('has no step before the first', () => {
    expect(shownStep(running(0), initialModel(undefined).intent).index).toBe(-1);
  });

  it('restores intent for the same run', () => {
    const saved = { runId: 'run-1', layer: 'hidden.3', step: 12, lossScale: 'log' as const };
    expect(showing(initialModel(saved), vanishing()).intent).toEqual(saved);
  });

  it('begins live with another run and keeps a layer that it has, too', () => {
    const saved = { runId: 'run-0', layer: 'hidden.3', step: 12, lossScale: 'log' as const };
    expect(showing(initialModel(saved), vanishing()).intent).toEqual({ ...saved, runId: 'run-1', step: null });
    expect(showing(initialModel({ ...saved, layer: 'gone' }), vanishing()).intent.layer).toBeNull();
  });

  it('shows of layers what was measured last, where not every step is', () => {
    const run = running(100);
    const layers = run.layers.map((layer, of) => ({
      ...layer,
      // of several optimizers, a step measures the layers of one
      gradientNorm: layer.gradientNorm.map((norm, i) => (i % 10 === 3 && of > 0 ? norm : Number.NaN)),
    }));
    const sampled = { ...run, layers };
    const { intent } = showing(initialModel(undefined), sampled);
    expect(shownStep(sampled, intent)).toMatchObject({ index: 99, step: 99, measured: 93 });
    expect(shownStep(sampled, { ...intent, step: 42 })).toMatchObject({ index: 42, measured: 33 });
    expect(shownStep(sampled, { ...intent, step: 2 })).toMatchObject({ index: 2, measured: 2 });
  });

  it('survives a state without a run', () => {
    const model = showing(initialModel(undefined), vanishing());
    const without = reduce(model, { kind: 'show', state: { kind: 'no-run', trusted: true } });
    expect(without.intent).toBe(model.intent);
  });

  it('reads one backward pass as numbers once it has ended, not while more may come', () => {
    expect(isSinglePass(single())).toBe(true);
    expect(isSinglePass({ ...single(), status: 'running' })).toBe(false);
    expect(isSinglePass(vanishing())).toBe(false);
  });
});

describe('nearestIndex', () => {
  it('finds the nearest of unevenly thinned steps', () => {
    const steps = Float64Array.of(0, 1, 10, 100, 1000);
    expect([-5, 0, 0.4, 0.6, 5, 6, 54, 56, 9999].map((step) => nearestIndex(steps, step))).toEqual([
      0, 0, 0, 1, 1, 2, 2, 3, 4,
    ]);
    expect(nearestIndex(new Float64Array(), 3)).toBe(-1);
  });
});
