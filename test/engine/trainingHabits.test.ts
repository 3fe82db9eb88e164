// What someone who knows PyTorch writes for training without looking it up: it works, or the error says what to write.
import { describe, expect, test } from 'vitest';
import { data, metrics, nn, optim, type Tensor, tensor } from '../../engine/index.ts';

const model = () => new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 1));
const parameters = () => model().parameters();
// biome-ignore lint/suspicious/noExplicitAny: what JavaScript lets through
type Untyped = any;

describe('an optimizer', () => {
  test('takes tensors, named tensors and groups', () => {
    const named = [...model().namedParameters()] as Untyped;
    expect(new optim.Adam(named).paramGroups[0].params.length).toBe(4);
    expect(new optim.SGD(parameters()).paramGroups[0].lr).toBe(1e-3);
    const [w, ...rest] = parameters();
    const groups = new optim.AdamW([{ params: [w], weightDecay: 0 }, { params: rest }], { lr: 0.5 }).paramGroups;
    expect(groups.map(({ lr, weightDecay }) => [lr, weightDecay])).toEqual([
      [0.5, 0],
      [0.5, 0.01],
    ]);
  });

  test.each<[string, (o: Untyped) => unknown, string]>([
    [
      'snake case',
      (o) => new o.Adam(parameters(), { weight_decay: 1 }),
      'no option weight_decay. Here it is weightDecay.',
    ],
    ['another name', (o) => new o.Adam(parameters(), { rate: 1 }), 'no option rate. There are maximize, lr, betas'],
    ['in a group', (o) => new o.SGD([{ params: parameters(), betas: 1 }]), 'SGD: there is no option betas'],
    ['a bare rate', (o) => new o.AdamW(parameters(), 0.1), 'expected options such as { lr: 0.01 }, got 0.1'],
    ['text', (o) => new o.AdamW(parameters(), { lr: '0.1' }), 'the learning rate must be a number'],
    ['nesterov', (o) => new o.SGD(parameters(), { nesterov: true }), 'nesterov needs a momentum'],
    ['a model', (o) => new o.StepLR(model(), { stepSize: 1 }), 'StepLR: expected an optimizer'],
    ['bare numbers', (o) => new o.StepLR(new o.SGD(parameters()), 30, 0.1), 'rate would become NaN'],
    ['milestones', (o) => new o.SequentialLR(new o.SGD(parameters()), [], []), 'one or more schedules'],
  ])('refuses %s', (_, make, message) => {
    expect(() => make(optim)).toThrow(message);
  });

  test('prints its groups', () => {
    expect(String(new optim.SGD(parameters(), { lr: 0.1 }))).toMatch(/^SGD \(\nParameter Group 0\n {4}dampening: 0\n/);
  });

  test('has its schedules under both names, and takes a loss as it is', () => {
    const optimizer = new optim.SGD(parameters(), { lr: 1 });
    const schedule = new optim.lrScheduler.ReduceLROnPlateau(optimizer, { patience: 0 });
    for (const loss of [1, 2]) schedule.step(tensor(loss));
    expect(schedule.getLastLr()).toEqual([0.1]);
  });
});

describe('a data set', () => {
  class Numbers {
    readonly length = 3;
    get(i: number): [number[], number] {
      return [[i + 0.5, i], i];
    }
  }
  const described = (batch: Tensor[]) => batch.map((t) => [t.shape, t.dtype]);

  test('may be a class with length and get, of plain numbers', () => {
    const [first, second] = new data.DataLoader(new Numbers(), { batchSize: 2 });
    expect(described(first)).toEqual([
      [[2, 2], 'float32'],
      [[2], 'int32'],
    ]);
    expect(second[0].toArray()).toEqual([[2.5, 2]]);
    const [part] = data.randomSplit(new Numbers(), [2, 1]);
    const both = new data.ConcatDataset([part, new Numbers()]);
    expect([...new data.DataLoader(both, { batchSize: 5 })].map(([x]) => x.shape)).toEqual([[5, 2]]);
  });

  test('may be a list of samples, also of single tensors', () => {
    const list = [0, 1, 2].map((i) => tensor([i, i]));
    expect([...new data.DataLoader(list, { batchSize: 3 })].map(described)).toEqual([[[[3, 2], 'float32']]]);
  });
});

test('scores refuse what are no classes or boxes', () => {
  expect(() => metrics.confusionMatrix(tensor([0.5, 1]), tensor([0, 1]))).toThrow('0.5 is no class');
  expect(() => metrics.confusionMatrix(tensor([2, 1]), tensor([0, 1]), 2)).toThrow('2 is no class of 0 … 1');
  expect(() => metrics.segmentationIou(tensor([2]), tensor([0]), 2)).toThrow('2 is no class of 0 … 1');
  expect(() => metrics.iou(tensor([0, 0, 1, 1]) as Untyped, [0, 0, 1, 1])).toThrow('[left, top, right, bottom]');
});
