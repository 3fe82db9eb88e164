import { describe, expect, test } from 'vitest';
import { budgetAt, budgetFrom, largestOf } from '../../engine/diagnose/evidence/budget.ts';
import { Run } from '../../engine/run/run.ts';
import { ACTIVATION_STATISTICS } from '../../engine/run/statistics.ts';
import { run } from '../host/scripts.ts';
import { rows, start, step } from '../run/frames.ts';
import { deep, RESIDUAL, trained } from './scripts.ts';

describe('the gradient budget', () => {
  test('of a chain sums to the whole decay, and says what took it', async () => {
    const { run: run_ } = await run(trained(deep('·.sigmoid()', 10)));
    const budget = budgetFrom(run_, 0)!;
    const [first, second] = run_.history.steps;
    expect(budget.step).toBe(first.step);
    expect(budget.elsewhere).toBeCloseTo(0, 4);
    expect(budget.entries.at(-1)?.sum).toBeCloseTo(budget.total, 4);
    expect(budget.total).toBeLessThan(-8);
    // From the loss to the first activation: the gradient at the output of the first layer.
    const sigmoids = budget.entries.filter(({ name }) => name === 'sigmoid');
    expect(sigmoids).toHaveLength(11);
    expect(sigmoids.map(({ layer }) => run_.layers[layer!].name)).toEqual([
      ...Array.from({ length: 10 }, (_, i) => `hidden.${9 - i}`),
      'input',
    ]);
    // σ′ ≤ 1/4: each takes at least log10 4 = 0.6 decades.
    for (const { decades } of sigmoids) expect(decades).toBeLessThan(-0.6);
    expect(largestOf(budget, 'activation')).toEqual([['sigmoid', budget.byRole.activation]]);
    expect(budgetFrom(run_, 1)?.step).toBe(second.step);
  });

  test('where paths part and join, says so', async () => {
    const { run: run_ } = await run(trained(RESIDUAL));
    const budget = budgetFrom(run_, 0)!;
    const sum = budget.entries.reduce((total, { decades }) => total + decades, 0);
    expect(Math.abs(budget.elsewhere)).toBeGreaterThan(0.5);
    expect(sum + budget.elsewhere).toBeCloseTo(budget.total, 6);
  });

  test('by layers, where operations were not measured', () => {
    const run_ = new Run();
    run_.apply(start);
    const layer = (id: number, name: string, type: string, parent: number | null) =>
      run_.apply({ kind: 'layer', id, name, type, description: type, parent, site: null });
    layer(0, 'model', 'Net', null);
    layer(1, 'fc1', 'Linear', 0);
    layer(2, 'act', 'Sigmoid', 0);
    layer(3, 'fc2', 'Linear', 0);
    const row = (gradientNorm: number, gain: number) =>
      ACTIVATION_STATISTICS.map((name) => ({ gradientNorm, gain })[name as 'gain'] ?? Number.NaN);
    const layers = rows([0, 1, 2, 3], [...row(1, 5), ...row(0.001, Number.NaN), ...row(0.1, 0.01), ...row(1, 0.1)]);
    run_.apply(step(0, { layers }));
    const budget = budgetAt(run_, run_.history.steps[0])!;
    expect(budget.entries.map(({ name, role }) => `${name} ${role}`)).toEqual(['fc2 weights', 'act activation']);
    expect(budget.total).toBeCloseTo(-3, 5);
    expect(budget.elsewhere).toBeCloseTo(0, 5);
    expect(budget.byRole).toMatchObject({ normalization: 0, other: 0 });
  });

  test('none where nothing was measured', () => {
    const run_ = new Run();
    run_.apply(start);
    run_.apply(step(0));
    expect(budgetFrom(run_, 0)).toBeNull();
  });
});
