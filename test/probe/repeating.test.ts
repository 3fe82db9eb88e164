import { describe, expect, test } from 'vitest';
import { thorough } from '../../engine/autograd/observer.ts';
import { autograd, manualSeed, nn, ones, optim, type Tensor } from '../../engine/host/api.ts';
import { watched } from './watched.ts';

/** Trains with nothing sampled, so that steps may repeat: `forward` gives the loss of a step. */
function train(steps: number, modules: readonly nn.Module[], forward: (step: number) => Tensor) {
  const optimizer = new optim.SGD(
    modules.flatMap((module) => module.parameters()),
    { lr: 0.01 },
  );
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad();
    forward(step).backward();
    optimizer.step();
  }
}

const x = ones([2, 3]);
const unsampled = { budget: 0 };

describe('a step that does what the last one did', () => {
  test('is told without modules and rules, but for one in sixteen and those that are told again', () => {
    manualSeed(1);
    const told: boolean[] = [];
    const { all } = watched(() => {
      const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh());
      train(20, [model], () => {
        const loss = model(x).sum();
        told.push(thorough);
        return loss;
      });
    }, unsampled);
    expect(told.flatMap((it, step) => (it ? [step] : []))).toEqual([0, 1, 12, 13, 16, 18, 19]);
    expect(all('step')).toHaveLength(20);
    expect(all('step').every(({ parameters }) => parameters.ids.length === 2)).toBe(true);
  });

  test('where things are sampled, everything is told', () => {
    const told: boolean[] = [];
    watched(() => {
      const model = new nn.Linear(3, 4);
      train(5, [model], () => {
        told.push(thorough);
        return model(x).sum();
      });
    });
    expect(told).toEqual([true, true, true, true, true]);
  });
});

describe('a step that does something else among such as repeat', () => {
  test('a layer that joins in is declared, with its operation and its parameters', () => {
    const { all } = watched(() => {
      const [a, b] = [new nn.Linear(3, 3), new nn.Linear(3, 3)];
      train(12, [a, b], (step) => (step < 7 ? a(x) : b(a(x))).sum());
    }, unsampled);
    expect(all('layer')).toHaveLength(2);
    expect(all('operation').map(({ operation, layer }) => [operation, layer])).toEqual([
      ['linear', 0],
      ['sum', null],
      ['linear', 1],
    ]);
    expect(all('step').map(({ parameters }) => parameters.ids.length)).toEqual([
      ...Array(7).fill(2),
      ...Array(5).fill(4),
    ]);
  });

  test('a user’s own backward that is met late is checked', () => {
    class Wrong extends autograd.Function {
      static override forward(_context: autograd.FunctionContext, t: Tensor): Tensor {
        return t.mul(2);
      }
      static override backward(_context: autograd.FunctionContext, gradient: Tensor): Tensor {
        return gradient.mul(3);
      }
    }
    const { all } = watched(() => {
      const model = new nn.Linear(3, 3);
      train(12, [model], (step) => (step < 9 ? model(x) : (Wrong.apply(model(x)) as Tensor)).sum());
    }, unsampled);
    expect(all('gradient-check').map(({ step }) => step)).toEqual([9]);
  });

  test('a model that is made while another of its kind is in use is another one', () => {
    const { all } = watched(() => {
      const make = () => new nn.Linear(3, 3);
      const models = [new nn.Linear(3, 3), make()];
      train(12, models, (step) => {
        const first = models[1](models[0](x)).sum();
        if (step === 6) models.push(make());
        return step < 6 ? first : first.add(models[2](x).sum());
      });
    }, unsampled);
    expect(all('layer')).toHaveLength(3);
  });
});
