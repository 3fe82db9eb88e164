import { describe, expect, test } from 'vitest';
import type { Phase, PhaseFrame, TensorFrame } from '../../engine/run/frame.ts';
import type { Inspection } from '../../engine/run/inspection.ts';
import { describeTorch } from './pythons.ts';
import { isStep, launch, type Watched, write } from './scripts.ts';

/** The same training in both languages; `micro` batches are added up before each update. */
const TYPESCRIPT = `import { nn, noGrad, ones, optim, randn } from 'gradlens';
const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 1));
const huge = ones([3000, 100], { requiresGrad: true });
const optimizer = new optim.SGD([...model.parameters(), huge], { lr: 0.01 });
const x = randn([8, 3]);
for (;;) {
  optimizer.zeroGrad();
  for (let micro = 0; micro < 2; micro++) {
    const loss = model(x).square().mean().add(huge.sum().mul(0));
    loss.backward();
  }
  optimizer.step();
  noGrad(() => model(x));
}
`;
const PYTHON = `import torch
from torch import nn
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
huge = torch.ones(3000, 100, requires_grad=True)
optimizer = torch.optim.SGD([*model.parameters(), huge], lr=0.01)
x = torch.randn(8, 3)
while True:
    optimizer.zero_grad()
    for micro in range(2):
        loss = model(x).square().mean() + huge.sum() * 0
        loss.backward()
    optimizer.step()
    with torch.no_grad():
        model(x)
`;

/** Pauses so far. */
const pauses = (watched: Watched) => watched.all('phase').filter(({ state }) => state === 'paused');

async function next(watched: Watched, move: () => void): Promise<PhaseFrame> {
  const count = pauses(watched).length;
  move();
  await watched.until(() => pauses(watched).length > count);
  return pauses(watched)[count];
}

const all: Pick<Inspection, 'start' | 'count'> = { start: [], count: [] };
const parameter = ({ run }: Watched, name: string) => run.parameters.find((one) => one.name === name)!.id;
const layer = ({ run }: Watched, type: string) => run.layers.find((one) => one.type === type)!.id;

/** A frame's whole tensor, read as numbers. */
const numbers = ({ values }: TensorFrame) => values.map(Number);

function stepping(start: () => Promise<Watched>): void {
  test('a phase and a step at a time, through accumulation and evaluation', async () => {
    const watched = await start();
    await watched.until(isStep(2));
    let at = await next(watched, () => watched.live.pause());
    const seen = [at];
    for (let i = 0; i < 8; i++) {
      at = await next(watched, () => watched.live.step('phase'));
      seen.push(at);
    }
    const { step } = seen[0];
    expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(['forward', 'backward', 'update']));
    expect(at.step).toBeGreaterThan(step);
    for (let i = 0; i < 3; i++) {
      const before = at.step;
      at = await next(watched, () => watched.live.step('step'));
      expect(at.step).toBe(before + 1);
    }
    // Asked twice, it's one step; and nothing is asked of a run that isn't paused.
    const count = pauses(watched).length;
    await next(watched, () => {
      watched.live.step('step');
      watched.live.step('step');
    });
    expect(watched.run.paused?.step).toBe(at.step + 1);
    watched.live.resume();
    await watched.until(isStep(at.step + 20));
    expect(pauses(watched)).toHaveLength(count + 1);
    watched.live.step('step');
    await watched.until(isStep(at.step + 40));
    expect(pauses(watched)).toHaveLength(count + 1);
    await watched.live.stop();
  });

  test('tensors are looked into while paused', async () => {
    const watched = await start();
    await watched.until(isStep(2));
    const running = await watched.live.inspect({ of: 'weight', id: 0, ...all });
    expect(running.problem).toMatch(/not paused/);
    await next(watched, () => watched.live.pause());
    // a whole step, wherever it was paused: outputs are kept from its beginning on
    const goTo = async (phase: Phase) => {
      while ((await next(watched, () => watched.live.step('phase'))).phase !== phase);
    };
    await goTo('forward');
    await goTo('update');
    const ask = (what: Partial<Inspection>) =>
      watched.live.inspect({ of: 'weight', id: parameter(watched, '0.weight'), ...all, ...what });

    const weight = await ask({});
    expect(weight).toMatchObject({ problem: null, shape: [4, 3], dtype: 'float32', start: [0, 0], count: [4, 3] });
    const values = numbers(weight);
    expect(weight.statistics.norm).toBeCloseTo(Math.hypot(...values), 5);
    expect(weight.statistics.max).toBeCloseTo(Math.max(...values), 6);
    const part = await ask({ start: [1, 1], count: [2, 1] });
    expect([part.start, part.count]).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(numbers(part)).toEqual([values[4], values[7]]);
    expect(part.statistics).toEqual(weight.statistics);

    // At the update, the gradient is there: its norm is what the step will tell.
    const gradient = await ask({ of: 'gradient' });
    expect(gradient.shape).toEqual([4, 3]);

    // Beyond its shape there's the last element; of a huge tensor, what fits.
    expect(await ask({ start: [9, 9], count: [9, 9] })).toMatchObject({ start: [3, 2], count: [1, 1] });
    const huge = await ask({ id: parameter(watched, 'huge') });
    expect(huge).toMatchObject({ shape: [3000, 100], count: [655, 100], problem: null });
    expect(huge.values).toHaveLength(65_500);
    expect(huge.sampled).toBeUndefined();

    // An output is kept while stepping; Tanh's is between −1 and 1.
    const output = await ask({ of: 'output', id: layer(watched, 'Tanh') });
    expect(output).toMatchObject({ problem: null, shape: [8, 4] });
    expect(Math.max(...numbers(output).map(Math.abs))).toBeLessThan(1);
    expect((await ask({ id: 999 })).problem).toMatch(/not in memory/);
    expect((await ask({ of: 'output', id: 999 })).problem).toMatch(/take a step/);
    expect((await watched.live.inspect({ of: 'weight', id: 0, ...all }, 7)).problem).toMatch(/no rank 7/);

    const { step } = watched.run.paused!;
    watched.live.resume();
    await watched.until(isStep(step));
    const told = watched.all('step').find((frame) => frame.step === step)!;
    const row = watched.run.parameterAt(told, parameter(watched, '0.weight'));
    expect(row('gradientNorm')).toBeCloseTo(Number(gradient.statistics.norm), 5);
    await watched.live.stop();
    expect((await watched.live.inspect({ of: 'weight', id: 0, ...all })).problem).toMatch(/has ended/);
  });

  test('asked and let go in one breath, it is answered', async () => {
    const watched = await start();
    await watched.until(isStep(2));
    await next(watched, () => watched.live.pause());
    const answer = watched.live.inspect({ of: 'weight', id: 0, ...all });
    watched.live.resume();
    const { problem } = await answer;
    expect([null, 'The run has gone on.']).toContain(problem);
    await watched.until((frame) => frame.kind === 'phase' && frame.state === 'resumed');
    await next(watched, () => watched.live.pause());
    const last = watched.live.inspect({ of: 'weight', id: 0, ...all });
    await watched.live.stop();
    expect([null, 'The run has ended.', 'The run has gone on.']).toContain((await last).problem);
  });
}

describe('embedded', () => stepping(() => launch(write(TYPESCRIPT))));
describeTorch('PyTorch', ({ path: interpreter }) =>
  stepping(() => launch(write({ 'train.py': PYTHON }), { budget: 100, python: { interpreter } })),
);
