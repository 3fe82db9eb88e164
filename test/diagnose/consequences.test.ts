import { describe, expect, test } from 'vitest';
import { deep, findingsOf, HE, trained } from './scripts.ts';

/** What came after is a consequence of what was there before, and what does no harm is no alarm. */

const idsOf = async (script: string) => (await findingsOf(script)).map(({ id, cause }) => `${id}/${cause}`);
const LEARNABLE = 'noGrad(() => y.copy_(x.slice(1, 0, 1).mul(2).add(x.slice(1, 1, 2))));';

describe('a learning rate far too high', () => {
  const script = trained(deep('·.relu()', 3, 16, HE), { data: LEARNABLE, steps: 120, lr: '3' }).replace(
    'optim.SGD',
    'optim.Adam',
  );

  test('kills units, and is what is told', async () => {
    expect(await idsOf(script)).toEqual([expect.stringMatching(/^learning-rate-high/)]);
  });

  test('units that were dead before are told themselves', async () => {
    const killed = script
      .replace('lr: 3', 'lr: 0.01')
      .replace('step < 120', 'step < 1500') // activations are measured now and then
      .replace('const optimizer', 'noGrad(() => model.hidden[0].bias.fill_(-50));\nconst optimizer');
    expect(await idsOf(killed)).toEqual(['dead-units/dead-relu']);
  });
});

describe('what is decided by how the script is written', () => {
  const classifier = (steps: number) =>
    trained('const model = new nn.Sequential(new nn.Linear(8, 32), new nn.ReLU(), new nn.Linear(32, 4));', {
      data: "const labels = x.slice(1, 0, 4).argmax(1).to('int32');",
      loss: 'F.crossEntropy(model(x).softmax(1), labels)',
      lr: '5',
      steps,
    });

  test('is an error until the model has learned well', async () => {
    const [early, late] = [await findingsOf(classifier(10)), await findingsOf(classifier(600))];
    expect(early.map(({ id, severity }) => [id, severity])).toEqual([['double-softmax', 'error']]);
    expect(late.map(({ id, severity }) => [id, severity])).toEqual([['double-softmax', 'information']]);
  });

  test('is an error for good where a sigmoid of the model’s own comes before logits', async () => {
    const script = (own: string, around: string) =>
      trained(`const model = new nn.Sequential(new nn.Linear(8, 32), new nn.ReLU(), new nn.Linear(32, 1)${own});`, {
        data: "const labels = x.slice(1, 0, 1).gt(0).to('float32');",
        loss: `F.binaryCrossEntropyWithLogits(model(x)${around}, labels)`,
        lr: '5',
        steps: 400,
      });
    const severityOf = async (text: string) => (await findingsOf(text)).map(({ id, severity }) => [id, severity]);
    expect(await severityOf(script(', new nn.Sigmoid()', ''))).toEqual([['double-softmax', 'error']]);
    expect(await severityOf(script('', '.sigmoid()'))).toEqual([['double-softmax', 'information']]);
  });

  test('a layer that’s never used is for information while the rest learns', async () => {
    const script = trained(
      `${deep('·.relu()', 1)}`.replace('forward(x)', 'spare = new nn.Linear(4, 4);\n  forward(x)'),
      { data: LEARNABLE, steps: 100 },
    );
    expect((await findingsOf(script)).map(({ id, severity }) => [id, severity])).toEqual([
      ['frozen-parameter', 'information'],
    ]);
  });
});

describe('a ReLU', () => {
  const script = (last: string) =>
    trained(`const model = new nn.Sequential(new nn.Linear(8, 16), new nn.Tanh(), new nn.Linear(16, 1)${last});`, {
      data: 'noGrad(() => y.copy_(x.slice(1, 0, 1).abs().neg()));',
      loss: 'F.mseLoss(model(x), y)',
      steps: 1500,
    });

  test('whose answers are all 0', async () => {
    expect(await idsOf(script(', new nn.ReLU()'))).toEqual(['dead-units/dead-relu']);
  });

  test('healthy: in a hinge loss that has come to 0', async () => {
    const hinge = script('').replace('F.mseLoss(model(x), y)', 'model(x).add(0.5).relu().mean()');
    expect(await idsOf(hinge)).toEqual([]);
  });
});
