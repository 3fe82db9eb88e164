import { describe, expect, test } from 'vitest';
import { findingOf, findingsOf, HEAD, lineOf, lineOfSite } from './scripts.ts';

/** Losses that a script writes itself are judged as the library's are. */

const DATA = `const x = randn([96, 4]);
const sum = x.sum(1, { keepdim: true });
const yes = sum.gt(0).to('float32');
const kind = x.slice(1, 0, 3).argmax(1).to('int32');
const oneHot = F.oneHot(kind, 3).to('float32');
const logLoss = (p, t) => {
  const q = p.clamp(1e-6, 1 - 1e-6);
  return t.mul(q.log()).add(t.neg().add(1).mul(q.neg().add(1).log())).mean().neg();
};`;

/** What a loss is, by the answers `out` of a model with so many. */
const script = (loss: string, { outputs = 1, steps = 160, rate = '0.02' } = {}) => `${HEAD}
${DATA}
const model = new nn.Sequential(new nn.Linear(4, 24), new nn.Tanh(), new nn.Linear(24, ${outputs}));
const optimizer = new optim.Adam(model.parameters(), { lr: ${rate} });
for (let step = 0; step < ${steps}; step++) {
  const out = model(x);
  const loss = ${loss};
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
}
`;

describe('nothing is said of', () => {
  test.each([
    ['squares', script('out.sub(sum).square().mean()')],
    ['a logistic loss', script('logLoss(out.sigmoid(), yes)')],
    ['a likelihood', script('out.logSoftmax(1).gather(1, kind.unsqueeze(1)).mean().neg()', { outputs: 3 })],
    ['a product with ones and zeros', script('oneHot.mul(out.logSoftmax(1)).sum(1).mean().neg()', { outputs: 3 })],
  ])('%s that learns', async (_what, text) => {
    expect(await findingsOf(text)).toEqual([]);
  });
});

describe('wrong-loss-scale', () => {
  test.each([
    ['squares', script('out.sub(sum).square().mean().neg()')],
    ['a logistic loss', script('logLoss(out.sigmoid(), yes).neg()')],
    ['a likelihood', script('out.logSoftmax(1).gather(1, kind.unsqueeze(1)).mean()', { outputs: 3 })],
  ])('%s without its sign', async (_what, text) => {
    expect(await findingOf('wrong-loss-scale', text)).toMatchObject({ cause: 'wrong-sign', severity: 'error' });
  });

  test('a row of answers against a column', async () => {
    const text = script('logLoss(out.sigmoid(), yes.squeeze(1))');
    const finding = await findingOf('wrong-loss-scale', text);
    expect(finding).toMatchObject({ cause: 'broadcast', layers: ['2'] });
    expect(finding.evidence).toMatch('9216 are computed');
    expect(lineOfSite(finding)).toBe(lineOf(text, 't.mul(q.log())'));
  });

  test('errors with their signs', async () => {
    const text = script('out.sub(sum).mean()');
    const finding = await findingOf('wrong-loss-scale', text);
    expect(finding).toMatchObject({ cause: 'signed-error' });
    expect(lineOfSite(finding)).toBe(lineOf(text, 'out.sub(sum)'));
  });

  test('a softmax over the batch', async () => {
    const text = script('oneHot.mul(out.softmax(0).log()).sum(1).mean().neg()', { outputs: 3, rate: '0.0001' });
    expect(await findingOf('wrong-loss-scale', text)).toMatchObject({ cause: 'softmax-over-batch' });
  });
});

describe('learning-rate-low', () => {
  test.each([
    ['by hand', 'out.sub(sum).square().mean()'],
    ['of the library', 'F.mseLoss(out, sum)'],
  ])('a run that is over after a dozen steps, its loss %s', async (_what, loss) => {
    const text = script(loss, { steps: 12, rate: '0.001' });
    const finding = await findingOf('learning-rate-low', text);
    expect(finding).toMatchObject({ cause: 'few-steps', severity: 'warning' });
    expect(finding.evidence).toMatch(/^The run was over after 12 steps, which together change the weights by \S+ %/);
    expect(lineOfSite(finding)).toBe(lineOf(text, 'optim.Adam'));
  });

  test('a dozen steps that will do', async () => {
    expect(await findingsOf(script('F.mseLoss(out, sum)', { steps: 30, rate: '0.05' }))).toEqual([]);
  });
});

test('two matrices without a bend between them, by hand', async () => {
  const text = `${HEAD}
const x = randn([200, 2]);
const t = x.slice(1, 0, 1).mul(x.slice(1, 1, 2)).gt(0).to('float32');
class Loose extends nn.Module {
  w1 = new nn.Parameter(randn([2, 20]));
  b1 = new nn.Parameter(zeros([20]));
  w2 = new nn.Parameter(randn([20, 1]).mul(0.3));
  forward(x) {
    return x.matmul(this.w1).add(this.b1).matmul(this.w2).sigmoid();
  }
}
const model = new Loose();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 });
for (let step = 0; step < 240; step++) {
  const q = model(x).clamp(1e-6, 1 - 1e-6);
  const loss = t.mul(q.log()).add(t.neg().add(1).mul(q.neg().add(1).log())).mean().neg();
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
}
`;
  expect(await findingOf('loss-plateau', text)).toMatchObject({ cause: 'linear-model' });
  expect(await findingsOf(text.replace('add(this.b1)', 'add(this.b1).tanh()'))).toEqual([]);
});
