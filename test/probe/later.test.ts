import { describe, expect, test } from 'vitest';
import { F, manualSeed, nn, noGrad, optim, randint, randn, type Tensor, tensor, zeros } from '../../engine/index.ts';
import { PARAMETER_STATISTICS } from '../../engine/run/statistics.ts';
import { watched } from './watched.ts';

/** What is told again at later steps, and of a run as a whole. */

const onesOf = (n: number): Tensor => zeros([n, 1]).add(1);

describe('losses are told again at steps ever further apart', () => {
  const told = (budget: number) => {
    manualSeed(1);
    return watched(
      () => {
        const model = new nn.Linear(4, 3);
        const optimizer = new optim.SGD(model.parameters(), { lr: 0.5 });
        const labels = tensor([0, 1, 2, 1], { dtype: 'int32' });
        const x = randn([4, 4]);
        for (let step = 0; step < 70; step++) {
          optimizer.zeroGrad();
          const loss = F.crossEntropy(model(x), labels);
          loss.backward();
          optimizer.step();
        }
      },
      { budget },
    );
  };

  test.each([[1], [0]])('with a budget of %d', (budget) => {
    const { all } = told(budget);
    const again = all('loss').filter((frame) => frame.again);
    expect(again.map(({ step }) => step)).toEqual([12, 13, 18, 19, 27, 28, 41, 42, 62, 63]);
    const losses = new Map(all('step').map(({ step, loss }) => [step, loss]));
    for (const { step, value } of again) expect(value).toBeCloseTo(losses.get(step) as number, 5);
  });
});

describe('samples', () => {
  const train = (samples: number, batch: number) =>
    watched(() => {
      manualSeed(2);
      const model = new nn.Linear(6, 1);
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
      const data = randn([samples, 6]);
      for (let step = 0; step < 60; step++) {
        optimizer.zeroGrad();
        const loss = model(data.indexSelect(0, randint(0, samples, [batch])))
          .square()
          .mean();
        loss.backward();
        optimizer.step();
      }
    }).all('samples');

  test('few are counted, however they are drawn', () => {
    const frames = train(23, 10);
    expect(frames.at(-1)).toMatchObject({ distinct: 23, features: 6 });
    expect(frames.at(-1)?.seen).toBeGreaterThanOrEqual(4 * 23);
  });

  test('of many nothing is told', () => expect(train(400, 10)).toEqual([]));
});

describe('two players', () => {
  type Without = { readonly gradients?: true; readonly zeroing?: true };
  const play = (without: Without) =>
    watched(() => {
      manualSeed(3);
      const G = new nn.Sequential(new nn.Linear(3, 8), new nn.ReLU(), new nn.Linear(8, 2));
      const D = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1));
      const [ofG, ofD] = [G, D].map((model) => new optim.SGD(model.parameters(), { lr: 0.01 }));
      const made = () => G(randn([32, 3]));
      for (let turn = 0; turn < 20; turn++) {
        const fake = without.gradients ? noGrad(made) : made();
        ofD.zeroGrad();
        const real = F.binaryCrossEntropyWithLogits(D(randn([32, 2]).add(5)), onesOf(32));
        real.add(F.binaryCrossEntropyWithLogits(D(fake.detach()), zeros([32, 1]))).backward();
        ofD.step();
        if (!without.zeroing) ofG.zeroGrad();
        F.binaryCrossEntropyWithLogits(D(without.gradients ? made() : fake), onesOf(32)).backward();
        ofG.step();
      }
    });

  test.each<[Without]>([[{}], [{ gradients: true }]])('what one makes is told apart from data, %o', (without) => {
    const again = play(without)
      .all('input')
      .filter((frame) => frame.again);
    // where the discriminator has its turn: noise for the generator, data, and what is made of noise
    const turn = again.filter(({ step }) => step === 12);
    expect(turn.map(({ shape, generated }) => [shape.at(-1), generated ?? false])).toEqual(
      without.gradients
        ? [
            [2, false],
            [2, true],
          ]
        : [
            [3, false],
            [2, false],
            [2, true],
          ],
    );
    const data = turn.find(({ shape, generated }) => shape.at(-1) === 2 && !generated);
    for (const mean of data?.means ?? []) expect(Math.abs(mean - 5)).toBeLessThan(0.7);
    for (const deviation of data?.deviations ?? []) expect(Math.abs(deviation - 1)).toBeLessThan(0.4);
    // at the generator's own turn
    const own = again.filter(({ step, shape }) => step === 13 && shape.at(-1) === 2);
    expect(own.map(({ generated }) => generated)).toEqual([true]);
  });

  test('a gradient that an update has used is stale at the player’s next turn, not at once', () => {
    const stale = (without: Without) => {
      const { all } = play(without);
      const own = all('parameter').find(({ shape }) => `${shape}` === '8,3')?.id as number;
      const column = PARAMETER_STATISTICS.indexOf('staleNorm');
      return all('step').flatMap(({ step, parameters: { ids, values } }) => {
        const row = ids.indexOf(own);
        return row < 0 || step < 2 ? [] : [values[row * PARAMETER_STATISTICS.length + column] > 0];
      });
    };
    expect(stale({})).not.toContain(true);
    expect(stale({ zeroing: true }).filter(Boolean).length).toBeGreaterThan(15);
  });
});
