import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { propose } from '../../engine/repair/propose.ts';
import { run, runFile } from '../host/scripts.ts';
import { copyOf, runText } from './fixture.ts';
import { findingOf, remedied } from './remedy.ts';
import { shapes } from './shapes.ts';
import { singles } from './singles.ts';

const embedded = Object.entries(shapes).filter(([, { file }]) => !file.endsWith('.py'));
const REMEDIES = ['normalization', 'residual', 'activation', 'initialization', 'clip', 'learning-rate', 'warm-up'];

describe.each(embedded)('%s: what is edited runs', (_name, { file, text }) => {
  test('with every remedy at once', async () => {
    let after = text;
    let edits = 0;
    for (const id of REMEDIES) {
      const outcome = await remedied(id, file, after);
      after = outcome.after;
      edits += outcome.edit ? 1 : 0;
    }
    expect(edits).toBeGreaterThanOrEqual(5);
    const { run: after_ } = await run({ [`script${file.slice(file.lastIndexOf('.'))}`]: after });
    expect(after_.error, after).toBeNull();
    expect(after_.stepCount).toBe(30);
  });
});

const alone = Object.entries(singles).filter(([, { file }]) => !file.endsWith('.py'));

test.each(alone)('%s: what one remedy writes runs', async (_name, { remedy, file, text }) => {
  const { after } = await remedied(remedy, file, text);
  expect(after).not.toBe(text);
  const { run: trained } = await run({ 'script.ts': after });
  expect(trained.error, after).toBeNull();
  expect(trained.stepCount).toBe(30);
  expect(trained.history.last?.loss).toBeLessThan(trained.firstLoss);
});

const cures: [script: string, id: 'vanishing-gradient' | 'exploding-gradient', remedy: string][] = [
  ['moons-vanishing.ts', 'vanishing-gradient', 'normalization'],
  ['moons-vanishing.ts', 'vanishing-gradient', 'residual'],
  ['rnn-exploding.ts', 'exploding-gradient', 'orthogonal'],
];

describe('the finding is gone', () => {
  test.each(cures)('%s: %s, by %s', async (name, id, remedy) => {
    const script = copyOf(name);
    const { run: before } = await runFile(script, { steps: 100 });
    const proposals = await propose(findingOf(before, id), before);
    const edit = proposals.find((proposal) => proposal.id === remedy)?.edit;
    const after = await runText(script, edit?.texts.get(script)?.after ?? '');
    expect(after.run.error).toBeNull();
    expect(diagnose(after.run).map((finding) => finding.id)).toEqual([]);
    expect(after.run.history.last?.loss).toBeLessThan(after.run.firstLoss / 2);
  });
});

test('a logarithm that meets a 0 is taken in one with the sigmoid, and the model learns', async () => {
  const { run: before } = await run(`import { nn, optim, randn, manualSeed } from 'gradlens';
manualSeed(0);
const x = randn([64, 4]).mul(100);
const y = x.select(1, 0).gt(0).to('float32').reshape([-1, 1]);
const model = new nn.Linear(4, 1);
const optimizer = new optim.SGD(model.parameters(), { lr: 1e-4 });
for (let step = 0; step < 60; step++) {
  const z = model(x).mul(5);
  const loss = y.mul(z.sigmoid().log()).add(y.neg().add(1).mul(z.sigmoid().neg().add(1).log())).mean().neg();
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
}
`);
  const proposals = await propose(findingOf(before, 'non-finite'), before);
  const edit = proposals.find(({ id }) => id === 'stable-logarithm')?.edit;
  const [{ after }] = [...(edit?.texts.values() ?? [{ after: '' }])];
  const { run: cured } = await run(after);
  expect(cured.error, after).toBeNull();
  expect(diagnose(cured).map(({ id }) => id)).not.toContain('non-finite');
  expect(cured.history.last?.loss).toBeLessThan(cured.firstLoss / 2);
});

test('a softmax by hand that overflows becomes one that doesn’t, with its logarithm, and the model learns', async () => {
  const { run: before } = await run(`import { nn, optim, randn, manualSeed } from 'gradlens';
manualSeed(0);
const x = randn([64, 4]);
const y = x.argmax(1, true);
const model = new nn.Linear(4, 4);
const optimizer = new optim.SGD(model.parameters(), { lr: 1e-4 });
for (let step = 0; step < 60; step++) {
  const z = model(x).mul(200);
  const e = z.exp();
  const p = e.div(e.sum(1, { keepdim: true }));
  const loss = p.gather(1, y).log().mean().neg();
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
}
`);
  const proposals = await propose(findingOf(before, 'non-finite'), before);
  const edit = proposals.find(({ id }) => id === 'stable-logarithm')?.edit;
  const [{ after }] = [...(edit?.texts.values() ?? [{ after: '' }])];
  expect(after).toContain('  const z = model(x).mul(200);\n  const p = z.logSoftmax(1);\n');
  const { run: cured } = await run(after);
  expect(cured.error, after).toBeNull();
  expect(diagnose(cured).map(({ id }) => id)).not.toContain('non-finite');
  expect(cured.history.last?.loss).toBeLessThan(cured.firstLoss / 2);
});

test('nothing is proposed twice, and what no edit can do says so', async () => {
  const { run: recurrent } = await runFile(copyOf('rnn-exploding.ts'), { steps: 30 });
  const proposals = await propose(findingOf(recurrent, 'exploding-gradient'), recurrent);
  const texts = proposals.flatMap(({ edit }) => (edit ? [[...edit.texts.values()][0].after] : []));
  expect(new Set(texts).size).toBe(texts.length);
  expect(proposals.find(({ id }) => id === 'gated-cell')).toMatchObject({ edit: null, reason: expect.any(String) });
});
