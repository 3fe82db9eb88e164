import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { linesOf, nameOf, variants } from '../bench/diagnosis/cases.ts';
import { alarmsOf } from '../bench/diagnosis/observe.ts';
import { run } from '../host/scripts.ts';

/** Losses that can't be compared with a constant answer: quantiles, counts, survival, tasks weighted by doubt; and a bag of words. */

async function alarmsIn(name: string) {
  const script = variants().find((variant) => nameOf(variant) === name)?.script ?? '';
  const { run: trained } = await run(script);
  expect(trained.stepCount, name).toBeGreaterThan(0);
  const alarms = alarmsOf(diagnose(trained));
  return { script, alarms, told: alarms.map(({ id, cause }) => `${id}/${cause}`) };
}

describe('what shows all the same', () => {
  test.each([
    // Layers without an activation are a line, whatever the loss says of it.
    ['quantiles, lines upon lines', 'loss-plateau/linear-model'],
    // The loss falls by nearly all of itself, from where nobody would begin.
    ['quantiles, a deviation of 2.5', 'bad-initialization/large-weights'],
    // It began just below 0, and is many times that.
    ['counts, a rate seventy times too low', 'learning-rate-low/small-updates'],
  ])('%s', async (name, expected) => {
    const { told } = await alarmsIn(name);
    expect(told[0]).toBe(expected);
  });

  test('a loss that falls without end is the negative of one, at the line where it is made', async () => {
    const { script, told, alarms } = await alarmsIn('quantiles, less of the loss');
    expect(told[0]).toBe('wrong-loss-scale/wrong-sign');
    expect(linesOf(script, /const loss/)).toContain(alarms[0].site?.line);
  });
});

describe('what does no harm', () => {
  test.each([
    // A parameter of the model itself has no depth: it's used in the loss, and began at 0.
    'tasks, as it is',
    // Weights were small, and have grown.
    'survival, a deviation of two thousandths',
  ])('%s', async (name) => {
    expect((await alarmsIn(name)).told).toEqual([]);
  });

  test('rows of a table have less of a gradient than the layers behind it', async () => {
    const { told } = await alarmsIn('bag, targets of another sample');
    expect(told).toEqual(['loss-plateau/no-better-than-constant']);
  });
});
