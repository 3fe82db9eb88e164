import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { run } from '../host/scripts.ts';
import { deep, findingOf, findingsOf, GAN, lineOf, lineOfSite, trained } from './scripts.ts';

/** Runs that are over and have come to little, by losses that tell how much there was to learn. */

const idsOf = async (script: string) => (await findingsOf(script)).map(({ id, cause }) => `${id}/${cause}`);
const LABELS = "const labels = x.slice(1, 0, 4).argmax(1).to('int32');";
const classes = (model: string, more: object = {}) =>
  trained(model, { data: LABELS, loss: 'F.crossEntropy(model(x), labels)', steps: 200, ...more });
const MODEL = 'const model = new nn.Sequential(new nn.Linear(8, 16), new nn.ReLU(), new nn.Linear(16, 4));';
/** Of which a straight line doesn't tell. */
const TWISTED = `const labels = x.slice(1, 0, 1).mul(x.slice(1, 1, 2)).gt(0)
  .add(x.slice(1, 2, 3).gt(0)).reshape([64]).to('int32');`;
/** Two of three are drawn by lot at every step. */
const NOISY = `${LABELS}\nconst drawn = () => randn([64]).lt(-0.43).where(labels, randint(0, 4, [64]));`;
const NARROW = `const model = new nn.Sequential(new nn.Linear(8, 1), new nn.Tanh(), new nn.Linear(1, 4));`;

test('healthy: the same model with all of its units', async () => {
  expect(await idsOf(classes(MODEL, { lr: '0.5' }))).toEqual([]);
});

test('a single unit is what a model stands still for', async () => {
  const finding = await findingOf('loss-plateau', classes(NARROW, { lr: '0.5', steps: 1500 }));
  expect(finding).toMatchObject({ cause: 'bottleneck', evidence: expect.stringMatching(/its single unit/) });
});

test('of labels by lot a model stands still, and no cause is made up', async () => {
  const finding = await findingOf(
    'loss-plateau',
    classes(MODEL, { data: NOISY, loss: 'F.crossEntropy(model(x), drawn())', lr: '0.3', steps: 400 }),
  );
  expect(finding).toMatchObject({ cause: 'stalled', evidence: expect.stringMatching(/learned .* No known fix/) });
});

test('one that still falls is unfinished', async () => {
  expect(await idsOf(classes(MODEL, { lr: '0.1', data: TWISTED }))).toEqual(['learning-rate-low/unfinished']);
});

test('while it goes on, neither is said', async () => {
  const { run: stopped } = await run(classes(MODEL, { lr: '0.1', data: TWISTED }), { steps: 199 });
  expect(stopped.end?.ended).toBe('stopped');
  expect(diagnose(stopped)).toEqual([]);
});

test('of many classes, of which nobody knows how much can be learned, neither is said', async () => {
  const many = classes(MODEL.replace('16, 4', '16, 40'), { lr: '0.1', data: TWISTED });
  expect(await idsOf(many)).toEqual([]);
});

test('sigmoids between layers are the reason, where there are any', async () => {
  const script = classes(MODEL.replace('nn.ReLU', 'nn.Sigmoid'), { lr: '0.05' });
  const finding = await findingOf('vanishing-gradient', script);
  expect(finding).toMatchObject({ cause: 'saturating-activation', layers: ['0'] });
});

test('scores of classes that can’t be below 0', async () => {
  const script = classes(MODEL.replace('(16, 4)', '(16, 4), new nn.ReLU()'), { lr: '0.05' });
  const finding = await findingOf('loss-plateau', script);
  expect(finding).toMatchObject({
    cause: 'bounded-output',
    evidence: expect.stringMatching(/relu, which gives nothing below 0/),
  });
});

test('a linear model is one also before a sigmoid and its loss', async () => {
  const script = trained(deep('·', 1), {
    data: 'noGrad(() => y.copy_(x.slice(1, 0, 1).mul(x.slice(1, 1, 2)).gt(0).to("float32")));',
    loss: 'F.binaryCrossEntropy(model(x).sigmoid(), y)',
    steps: 300,
    lr: '0.3',
  });
  expect(await idsOf(script)).toEqual(['loss-plateau/linear-model']);
});

test('a warm-up that outlasts the run', async () => {
  const script = classes(MODEL, { lr: '0.5', steps: 160 })
    .replace(
      'for (let step',
      'const warm = new optim.LinearLR(optimizer, { startFactor: 1e-4, totalIters: 100000 });\nfor (let step',
    )
    .replace('optimizer.step();', '$&\n  warm.step();');
  const finding = await findingOf('learning-rate-low', script);
  expect(finding).toMatchObject({ cause: 'long-warm-up', evidence: expect.stringMatching(/was still growing/) });
  expect(lineOfSite(finding)).toBe(lineOf(script, 'new optim.SGD'));
});

test('what is no alarm itself keeps no alarm from being told: some dead units, of a model without a chance', async () => {
  const script = classes(MODEL, { lr: '0.5', loss: 'F.crossEntropy(model(x), randint(0, 4, [64]))' }).replace(
    'const optimizer',
    'noGrad(() => model.parameters()[1].copy_(tensor([...Array(13).fill(-50), 0, 0, 0])));\n$&',
  );
  const { run: dying } = await run(script);
  expect(diagnose(dying).map(({ id, severity }) => [id, severity])).toEqual([
    ['dead-units', 'information'],
    ['loss-plateau', 'warning'],
  ]);
});

test('layers that run where nothing is recorded, of a model that has learned little', async () => {
  const model = `const body = new nn.Sequential(new nn.Linear(8, 2), new nn.Tanh());
class Net extends nn.Module {
  body = body;
  head = new nn.Linear(2, 4);
  forward(x) {
    return this.head(noGrad(() => this.body(x)));
  }
}
const model = new Net();`;
  const finding = await findingOf('frozen-parameter', classes(model, { lr: '0.5', data: TWISTED }));
  expect(finding).toMatchObject({ cause: 'unrecorded', layers: ['body.0'] });
  const easy = "const labels = x.slice(1, 0, 1).gt(0).reshape([64]).to('int32');";
  const wide = model.replaceAll('8, 2', '8, 64').replaceAll('(2, 4)', '(64, 4)');
  expect(await idsOf(classes(wide, { lr: '0.5', data: easy, steps: 400 }))).toEqual([]);
});

test('most weights frozen, and too little learned with the rest', async () => {
  const frozen = (layer: string) =>
    classes(`${MODEL}\nmodel.children()[${layer}].requiresGrad_(false);`, { lr: '0.2', data: TWISTED });
  const finding = await findingOf('frozen-parameter', frozen('0'));
  expect(finding).toMatchObject({
    cause: 'frozen',
    severity: 'warning',
    layers: ['0'],
    evidence: expect.stringMatching(/^The weights of 0 are frozen .*: 66.7 % of the model’s/),
  });
  // the smaller part may be; and where that is enough to learn from, all but the last layer
  expect(await idsOf(frozen('2'))).not.toContain('frozen-parameter/frozen');
  const easy = classes(`${MODEL.replaceAll('16', '256')}\nmodel.children()[0].requiresGrad_(false);`, {
    lr: '0.3',
    steps: 400,
  });
  expect(await idsOf(easy)).toEqual([]);
  // thawed on the way
  const thawed = frozen('0').replace(
    'optimizer.zeroGrad();',
    'optimizer.zeroGrad();\n  if (step === 20) model.requiresGrad_(true);',
  );
  expect(await idsOf(thawed)).not.toContain('frozen-parameter/frozen');
});

test('a short run that is over, of one sample at a time', async () => {
  const alone = (steps: number) =>
    classes(MODEL, {
      data: 'const labels = randint(0, 4, [64]);',
      loss: 'F.crossEntropy(model(x.slice(0, step % 64, step % 64 + 1)), labels.slice(0, step % 64, step % 64 + 1))',
      lr: '0.01',
      steps,
    });
  const finding = await findingOf('loss-plateau', alone(110));
  expect(finding).toMatchObject({
    cause: 'no-better-than-constant',
    evidence: expect.stringMatching(/After 110 steps .* a constant answer scores 1.39/),
  });
  expect(await idsOf(alone(90))).toEqual([]);
});

test('momentum that adds up a thousand gradients', async () => {
  const script = classes(MODEL, { loss: 'F.crossEntropy(model(x), randint(0, 4, [64]))' });
  const heavy = script.replace('{ lr:', '{ momentum: 0.999, lr:');
  const finding = await findingOf('learning-rate-high', heavy);
  expect(finding).toMatchObject({ cause: 'momentum', evidence: expect.stringMatching(/adds up some 1000 gradients/) });
  expect(lineOfSite(finding)).toBe(lineOf(heavy, 'new optim.SGD'));
  expect(await idsOf(heavy.replace('0.999', '0.9'))).not.toContain('learning-rate-high/momentum');
});

describe('two players', () => {
  const longer = GAN.replace('step < 40', 'step < 240');
  const at = (g: number, c: number) =>
    longer.replace(
      'Adam(generator.parameters()), new optim.Adam(critic.parameters())',
      `Adam(generator.parameters(), { lr: ${g} }), new optim.Adam(critic.parameters(), { lr: ${c} })`,
    );

  test('of about equal strength, neither is to blame', async () => {
    const told = await idsOf(at(0.002, 0.002));
    expect(told.filter((id) => !id.startsWith('loss-plateau/unlike-data'))).toEqual([]);
  });

  test('one that hardly moves', async () => {
    const finding = await findingOf('learning-rate-low', at(1e-6, 0.002));
    expect(finding).toMatchObject({ cause: 'small-updates', evidence: expect.stringMatching(/^This optimizer's/) });
  });

  test('one whose first update leaves nothing of its weights', async () => {
    expect(await idsOf(at(0.002, 3))).toEqual(['learning-rate-high/large-updates']);
  });

  const SAME = at(0.01, 0.01)
    .replace('bce(critic(fake), ones(', 'bce(critic(fake), zeros(')
    .replace('step < 240', 'step < 1200');

  test('two that want the same both win', async () => {
    const finding = await findingOf('wrong-loss-scale', SAME);
    expect(finding).toMatchObject({ cause: 'wrong-sign', evidence: expect.stringMatching(/both want the same/) });
    expect(lineOfSite(finding)).toBe(lineOf(SAME, 'bce(critic(fake), zeros('));
    const negative = SAME.replace('bce(critic(fake), zeros([32, 1]))', 'bce(critic(fake), ones([32, 1])).neg()');
    expect(await idsOf(negative)).toContain('wrong-loss-scale/wrong-sign');
    // an actor that is to please its critic wants the same on purpose
    const actor = SAME.replaceAll('bce(critic(fake), zeros([32, 1]))', 'critic(fake).neg().mean()').replace(
      'new nn.BCEWithLogitsLoss()',
      'new nn.MSELoss()',
    );
    expect(await idsOf(actor)).not.toContain('wrong-loss-scale/wrong-sign');
  });

  test('where none of them is sure of anything, that they have nothing to learn from each other is all that’s known', async () => {
    const finding = await findingOf('loss-plateau', SAME.replace('nn.BCEWithLogitsLoss', 'nn.MSELoss'));
    expect(finding).toMatchObject({
      cause: 'stalled',
      evidence: expect.stringMatching(/one of two players have faded/),
    });
  });
});
