import { describe, expect, test } from 'vitest';
import { oscillates, problemOf } from '../bench/diagnosis/published/autoTrainer.ts';
import { isUnchanged } from '../bench/diagnosis/published/means.ts';
import { DETECTORS, type PublishedAlarms, publishedAlarms } from '../bench/diagnosis/published/published.ts';
import { sageMaker } from '../bench/diagnosis/published/sageMaker.ts';
import { bestRules, scored } from '../bench/diagnosis/published/table.ts';
import { shareOutside } from '../bench/diagnosis/published/tensors.ts';
import type { Case } from '../bench/diagnosis/score.ts';
import { run } from '../host/scripts.ts';
import { HEAD } from './scripts.ts';

/** Rules of published tools: that each alarms where it should, and that none does where nothing is wrong. */

const SMALL = 'new nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 1))';

/** A training on what can be learned; after it, `after`. */
const training = ({
  model = SMALL,
  init = '',
  target = 'x.slice(1, 0, 1).mul(0.5)',
  loss = 'F.mseLoss(model(x), y)',
  lr = '0.05',
  steps = 120,
  each = '',
} = {}) => `${HEAD}
const x = randn([64, 8]);
const y = ${target};
const model = ${model.replaceAll('nn.', 'new nn.').replaceAll('new new ', 'new ')};
${init}
const optimizer = new optim.SGD(model.parameters(), { lr: ${lr} });
for (let step = 0; step < ${steps}; step++) {
  optimizer.zeroGrad();
  const loss = ${loss};
  loss.backward();
  optimizer.step();
  ${each}
}
`;

const scale = (layer: string, factor: number) => `noGrad(() => { model[${layer}].weight.mul_(${factor}); });`;

const alarmsOf = async (script: string): Promise<PublishedAlarms> => {
  const { run: run_ } = await run(script);
  expect(run_.error).toBeNull();
  return publishedAlarms(run_);
};

const [DEFAULT, EXAMPLES] = ['SageMaker Debugger, every 500 steps saved', 'SageMaker Debugger, every 100 steps saved'];

const nothing = Object.fromEntries(DETECTORS.map(({ name }) => [name, []]));

const deepSigmoid = `nn.Sequential(nn.Linear(8, 16), ${'nn.Sigmoid(), nn.Linear(16, 16), '.repeat(10)}nn.Linear(16, 1))`;
const RELU = 'nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1))';

describe('of a run', () => {
  test('in which nothing is wrong nobody says anything', async () => {
    expect(await alarmsOf(training())).toEqual(nothing);
    expect(await alarmsOf(training({ loss: 'F.l1Loss(model(x), y)' }))).toEqual(nothing);
  });

  test('whose gradient vanishes', async () => {
    const alarms = await alarmsOf(training({ model: deepSigmoid, target: 'x.slice(1, 0, 1).sign()' }));
    expect(alarms.AutoTrainer).toEqual(['vanishing gradient']);
    expect(alarms.DeepDiagnosis).toContain('vanishing gradient');
    expect(alarms[DEFAULT]).toContain('VanishingGradient');
    expect(alarms[DEFAULT]).toContain('PoorWeightInitialization (gradients)');
  });

  test('that diverges', async () => {
    const alarms = await alarmsOf(training({ model: RELU, lr: '50' }));
    expect(alarms.AutoTrainer).toEqual(['exploding gradient']);
    expect(alarms.DeepLocalize).toContain('invalid loss');
    expect(alarms.DeepLocalize).toContain('error in delta weights');
    expect(alarms.DeepDiagnosis).toContain('invalid loss');
    expect(alarms.DeepDiagnosis).toContain('numerical error');
    expect(alarms[EXAMPLES]).toContain('ExplodingTensor');
    expect(alarms[DEFAULT]).not.toContain('ExplodingTensor'); // only the first step is saved
    expect(alarms['common practice']).toContain('loss not finite');
  });

  test('whose units are dead', async () => {
    const init = `noGrad(() => { model[0].bias.fill_(-100); });`;
    const alarms = await alarmsOf(training({ model: RELU, init, target: 'x.slice(1, 0, 1).sign()' }));
    expect(alarms.AutoTrainer).toEqual(['dying ReLU']);
    expect(alarms.DeepLocalize).toContain('error in forward');
    expect(alarms.DeepDiagnosis).toContain('dead node');
    expect(alarms[EXAMPLES]).toContain('DeadRelu');
    expect(alarms[DEFAULT]).toContain('AllZero');
  });

  test('that stands still', async () => {
    const { run: run_ } = await run(training({ lr: '0', steps: 210 }));
    const alarms = publishedAlarms(run_);
    expect(alarms.AutoTrainer).toEqual(['slow convergence']);
    expect(alarms.DeepLocalize).toContain('model does not learn');
    expect(alarms.DeepLocalize).toContain('error in weights');
    for (const rule of ['loss not decreasing', 'accuracy not increasing', 'unchanged tensor'])
      expect(alarms.DeepDiagnosis).toContain(rule);
    expect(alarms[DEFAULT]).toContain('WeightUpdateRatio');
    for (const rule of ['LossNotDecreasing', 'UnchangedTensor']) expect(alarms[EXAMPLES]).toContain(rule);
    expect(alarms['common practice']).toEqual(['loss did not decrease']);
  });

  test('whose activation saturates', async () => {
    const alarms = await alarmsOf(training({ init: scale('0', 100), lr: '0.001' }));
    expect(alarms.DeepDiagnosis).toContain('saturated activation');
    expect(alarms[DEFAULT]).toContain('SaturatedActivation');
  });

  test('whose layers begin with variances that differ', async () => {
    const alarms = await alarmsOf(training({ model: RELU, init: scale('2', 20), lr: '0.0001' }));
    expect(alarms[DEFAULT]).toContain('PoorWeightInitialization (variances)');
  });

  test('whose targets are out of range', async () => {
    const model = 'nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 1), nn.Sigmoid())';
    const alarms = await alarmsOf(training({ model, target: 'x.slice(1, 0, 1).mul(3)' }));
    expect(alarms.DeepDiagnosis).toContain('out of range');
    const within = await alarmsOf(training({ model, target: 'x.slice(1, 0, 1).sigmoid()' }));
    expect(within.DeepDiagnosis).not.toContain('out of range');
  });

  test('that learns by heart', async () => {
    const each = `if (step % 5 === 4) noGrad(() => F.mseLoss(model(held), heldY));`;
    const init = 'const [held, heldY] = [randn([64, 8]), randn([64, 1]).mul(3)];';
    const { run: run_ } = await run(training({ init, each, steps: 200 }));
    expect(sageMaker(10).alarms(run_)).toEqual(expect.arrayContaining(['Overfit', 'Overtraining']));
  });
});

describe('AutoTrainer', () => {
  test('oscillation is of peaks and troughs that are far apart, and many', () => {
    const swinging = [0.5, 0.7, 0.5, 0.7, 0.5, 0.7, 0.5, 0.7, 0.5, 0.7];
    expect(oscillates(swinging)).toBe(true);
    expect(oscillates(swinging.map((value) => value / 10))).toBe(false);
    expect(oscillates([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])).toBe(false);
  });

  test('a run that swings while it learns', async () => {
    const loss = 'F.mseLoss(model(x), y).add(step % 20 < 10 ? 0 : 0.1)';
    const { run: run_ } = await run(training({ loss, steps: 200 }));
    expect(problemOf(run_)).toBe('oscillating loss');
  });
});

test('values are unchanged in groups, one after the other', () => {
  expect(isUnchanged([1, 2, 2, 2, 2, 2, 3, 4, 5, 6], 5)).toBe(false);
  expect(isUnchanged([1, 2, 3, 4, 5, 2, 2, 2, 2, 2], 5)).toBe(true);
  expect(isUnchanged([Number.NaN, Number.NaN], 2)).toBe(false);
});

describe('the share of an activation’s inputs that is far out', () => {
  const outside = (input: { [name: string]: number } | null, saturatedShare = 0.3) =>
    shareOutside(
      {
        operation: {} as never,
        output: (name) => (name === 'saturatedShare' ? saturatedShare : Number.NaN),
        input: input && ((name) => input[name]),
      },
      [-5, 5],
    );

  test('is that of a normal variable', () => {
    expect(outside({ mean: 0, std: 5, min: -20, max: 20 })).toBeCloseTo(0.3173, 3);
    expect(outside({ mean: 5, std: 1, min: 1, max: 9 })).toBeCloseTo(0.5, 3);
    expect(outside({ mean: 0, std: 5, min: -4, max: 4 })).toBe(0);
    expect(outside(null)).toBe(0.3);
  });
});

describe('rules that do best together', () => {
  const [detector] = DETECTORS;
  const [good, useless, harmful] = detector.rules;
  const caseOf = (label: Case['label'], ...rules: string[]) =>
    ({ label, observation: { published: { [detector.name]: rules } } }) as unknown as Case;
  const cases = [
    caseOf('faulty', good),
    caseOf('faulty', good, useless),
    caseOf('faulty', harmful),
    caseOf('faulty'),
    caseOf('healthy', harmful),
    caseOf('healthy', harmful),
    caseOf('healthy'),
    caseOf('unclear', harmful),
  ];

  test('are those without what alarms in vain, or says nothing new', () => {
    expect(bestRules(detector, cases)).toEqual([good]);
  });

  test('unclear runs count for nothing', () => {
    const any = ({ observation }: Case) => observation.published[detector.name].length > 0;
    expect(scored(cases, any)).toEqual({ recall: { hits: 3, of: 4 }, falseAlarms: { hits: 2, of: 3 } });
  });
});
