import { expect, test } from 'vitest';
import type { Frame } from '../../engine/run/frame.ts';
import { run } from './scripts.ts';

const SCRIPT = `import { manualSeed, nn, optim, randn } from 'gradlens';
manualSeed(1);
const model = new nn.Sequential(new nn.Linear(8, 32), new nn.Tanh(), new nn.Linear(32, 32), new nn.Tanh(), new nn.Linear(32, 1));
const optimizer = new optim.SGD(model.parameters(), { lr: 0.4 });
const criterion = new nn.MSELoss();
const x = randn([64, 8]);
const y = x.sum(1, true).sin();
for (let step = 0; step < 150; step++) {
  optimizer.zeroGrad();
  const loss = criterion(model(x), y);
  loss.backward();
  optimizer.step();
}
`;

const CLOCKED = /^(?:time|pid|startedAt|measuring|script|cwd|file|site|stack)$/;
/** What a run tells, without clocks and the places of the two folders. */
const told = (frames: readonly Frame[]): string[] =>
  frames
    .filter(({ kind }) => kind !== 'source')
    .map((frame) => JSON.stringify(frame, (key, value) => (CLOCKED.test(key) ? undefined : value)));

test('with all the time there is, two runs of a script measure the same things at the same steps', async () => {
  const [first, second] = [await run(SCRIPT), await run(SCRIPT, { threads: 1 })];
  expect(first.all('curvature').length).toBeGreaterThan(2);
  expect(first.all('step')).toHaveLength(150);
  expect(told(second.frames)).toEqual(told(first.frames));
});

test('and everything at every step', async () => {
  const steps = (await run(SCRIPT)).all('step');
  expect(steps.every(({ operations, histograms }) => operations.ids.length > 0 && histograms)).toBeTruthy();
});
