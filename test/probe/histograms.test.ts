import { describe, expect, test, vi } from 'vitest';
import '../kernels/install.ts';
import { F, manualSeed, nn, optim, randn, type Tensor } from '../../engine/host/api.ts';
import { Channel, MOST_ATTENDED } from '../../engine/host/channel.ts';
import { Sampler } from '../../engine/probe/sampler.ts';
import type { Frame } from '../../engine/run/frame.ts';
import { histogramOf } from '../../engine/run/histogram.ts';
import { watched } from './watched.ts';

/** Trains a model of 8 and of 20,000 weights; the gradients as each update used them. */
function trained(steps: number) {
  manualSeed(3);
  const model = new nn.Sequential(new nn.Linear(100, 200), new nn.ReLU(), new nn.Linear(200, 1));
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
  const [x, y] = [randn([16, 100]), randn([16, 1])];
  const gradients: Float32Array[][] = [];
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad();
    F.mseLoss(model(x) as Tensor, y).backward();
    gradients.push(model.parameters().map((p) => Float32Array.from(p.grad!.flatten().tolist() as number[])));
    optimizer.step();
  }
  return gradients;
}

test('how the magnitudes of gradients are distributed: all of them, where there is time', () => {
  const { result, all } = watched(() => trained(4));
  const steps = all('step');
  expect(steps).toHaveLength(4);
  steps.forEach(({ histograms }, i) => {
    for (const [id, gradient] of result[i].entries()) {
      const histogram = histogramOf(histograms!, id)!;
      expect(histogram.of).toBe(gradient.length);
      expect(histogram.zeros).toBe(gradient.filter((x) => x === 0).length);
      const expected = new Map<number, number>();
      for (const x of gradient) {
        if (x === 0) continue;
        const exponent = Math.floor(Math.log2(Math.abs(x)));
        expected.set(exponent, (expected.get(exponent) ?? 0) + 1);
      }
      const got = [...histogram.counts].flatMap((count, bin) => (count ? [[histogram.first + bin, count]] : []));
      expect(got).toEqual([...expected].sort(([a], [b]) => a - b));
    }
  });
});

test('what is under suspicion is measured when nothing else is', () => {
  // after the first steps there is no time left
  const attended = { layers: [1], parameters: [2] };
  const [alone, closely] = [{}, { attended }].map((told) => watched(() => trained(6), { budget: 1e-12, ...told }));
  const [before, after] = [alone, closely].map(({ all }) => all('step')[5]);
  expect(before.histograms).toBeUndefined();
  expect(before.operations.ids).toHaveLength(0);
  expect([...after.histograms!.ids]).toEqual([2]);
  expect(histogramOf(after.histograms!, 2)?.of).toBe(200);
  const layers = closely.all('layer').map(({ id, name }) => [id, name]);
  const operations = closely.all('operation').filter(({ id }) => after.operations.ids.includes(id));
  expect(operations.map(({ layer }) => layer)).toEqual([1]);
  expect(layers).toContainEqual([1, '0']);
  expect([...after.layers.ids]).toEqual([1]);
  // parameters are complete at every step, with and without
  expect([...after.parameters.ids]).toEqual([...before.parameters.ids]);
});

test('what the training thread is told to look at', () => {
  const channel = new Channel();
  const other = new Channel(channel.memory);
  expect(other.attention).toBe(0);
  channel.attend({ layers: [0, 2, 33], parameters: [5, MOST_ATTENDED - 1, MOST_ATTENDED] });
  expect(other.attention).toBe(1);
  expect(other.attended).toEqual({ layers: [0, 2, 33], parameters: [5, MOST_ATTENDED - 1] });
  channel.attend({ layers: [], parameters: [31] });
  expect(other.attention).toBe(2);
  expect(other.attended).toEqual({ layers: [], parameters: [31] });
  // frames lie behind it
  other.put(new Uint8Array([1, 2, 3]));
  expect(channel.take()).toEqual(new Uint8Array([1, 2, 3]));
  expect(other.attended).toEqual({ layers: [], parameters: [31] });
});

describe('what the budget allows', () => {
  /** A sampler whose measuring takes no time at all, or all there is. */
  const decisions = (budget: number, cost: number, steps = 200) => {
    let seconds = 0;
    const sampler = new Sampler(() => seconds, budget);
    return Array.from({ length: steps }, () => {
      sampler.beginStep();
      const { active, histograms } = sampler;
      if (active) sampler.activations.add(cost);
      if (histograms !== 'none') sampler.histogramAccount.add(histograms === 'whole' ? cost : cost / 10);
      seconds += 0.001;
      return { active, histograms };
    });
  };

  test('the first steps are measured whole, whatever it costs', () => {
    const [first, second, third, fourth] = decisions(0.05, 1000);
    for (const step of [first, second, third]) expect(step).toEqual({ active: true, histograms: 'whole' });
    expect(fourth).toEqual({ active: false, histograms: 'none' });
  });

  test('what is cheap is measured at every step', () => {
    expect(decisions(0.05, 1e-6).every(({ active, histograms }) => active && histograms === 'whole')).toBe(true);
  });

  test('the first steps, in which code is new, leave the budget as it is', () => {
    const sampler = new Sampler(() => 0, 0.05);
    const active = [500, 500, 20, 1, 1, 1].map((cost) => {
      sampler.beginStep();
      if (sampler.active) sampler.activations.add(cost);
      return sampler.active;
    });
    expect(active).toEqual([true, true, true, true, true, true]);
    sampler.beginStep();
    expect(sampler.activations.spent).toBe(1023);
  });

  test('samples are taken more often than whole histograms', () => {
    const all = decisions(0.05, 2.5).map(({ histograms }) => histograms);
    const [whole, sampled] = ['whole', 'sample'].map((kind) => all.filter((one) => one === kind).length);
    expect(whole).toBeGreaterThan(3);
    expect(sampled).toBeGreaterThan(3 * whole);
  });

  test('a run that is over soon is measured at every step', () => {
    expect(decisions(0.05, 0.1).every(({ active }) => active)).toBe(true);
  });

  test('all in all it stays within the budget', () => {
    const late = decisions(0.05, 0.2, 20_000).slice(10_000);
    const spent = late.reduce(
      (sum, { active, histograms }) =>
        sum + (active ? 0.2 : 0) + (histograms === 'whole' ? 0.2 : histograms === 'sample' ? 0.02 : 0),
      0,
    );
    expect(spent).toBeLessThan(0.9 * 0.05 * 10_000); // what can't be timed is left out
    expect(spent).toBeGreaterThan(0.5 * 0.05 * 10_000);
  });

  test('what was taken elsewhere is left out of it, but for what is free', () => {
    const elsewhere = { milliseconds: 0, free: 0 };
    const sampler = new Sampler(() => 10, 0.05, elsewhere);
    const next = () => {
      sampler.beginStep();
      return sampler.active;
    };
    expect([next(), next(), next(), next()]).toEqual([true, true, true, true]);
    elsewhere.milliseconds = 5000;
    expect(next()).toBe(false);
    elsewhere.free = 4900;
    expect(next()).toBe(true);
    expect(sampler.spent).toBe(5000);
  });

  test('what kernels take for statistics is estimated at one step in many, and counts at all', () => {
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
    try {
      const sampler = new Sampler(() => 1);
      let looks = 0;
      for (let step = 0; step < 200; step++) {
        sampler.beginStep();
        sampler.estimate(() => {
          looks++;
          clock += 3;
        });
      }
      // at two steps, for themselves and all up to the third
      expect(looks).toBe(2);
      expect(sampler.spent).toBe(3 * (16 + 256));
    } finally {
      vi.restoreAllMocks();
    }
  });

  test('making the frame of a step that was sampled counts: where it takes long, activations become rare', () => {
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
    try {
      // of the million seconds of training that there seem to have been
      const sink = (frame: Frame) => {
        if (frame.kind === 'step' && frame.operations.ids.length > 0) clock += 1e8;
      };
      const steps = watched(() => trained(6), { sink }).all('step');
      expect(steps.map(({ operations }) => operations.ids.length > 0)).toEqual([true, true, true, false, false, false]);
      // histograms have an account of their own
      expect(steps.every(({ histograms }) => histograms !== undefined)).toBe(true);
    } finally {
      vi.restoreAllMocks();
    }
  });

  test('a budget of 0 is for parameters alone', () => {
    expect(decisions(0, 0).every(({ active, histograms }) => !active && histograms === 'none')).toBe(true);
  });
});
