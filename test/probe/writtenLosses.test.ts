import { describe, expect, test } from 'vitest';
import { BESIDE, DIFFERENCE, NOTHING, PAIRS, SUM, told, WRITTEN } from './writtenLossCalls.ts';

describe('losses that a script writes itself are told as those of the library', () => {
  test.for(WRITTEN)('%s', ([, written, library]) => {
    const [frame, ...more] = told(written);
    const [expected] = told(library);
    expect(more).toEqual([]);
    expect(frame.written).toBe(true);
    expect([frame.loss, frame.classes, frame.rows]).toEqual([expected.loss, expected.classes, expected.rows]);
    for (const of of ['value', 'baseline', 'min', 'max'] as const)
      expect(frame[of], of).toBeCloseTo(expected[of] ?? NaN, 5);
  });
});

test('an answer that is held against each target, by rows and columns', () => {
  const [squares, two] = PAIRS.map(([, loss]) => told(loss)[0]);
  expect(squares).toMatchObject({ loss: 'mseLoss', pairs: true, rows: 16 });
  expect(two).toMatchObject({ loss: 'binaryCrossEntropy', pairs: true, rows: 16 });
});

test('a difference is no loss', () => {
  expect(told(DIFFERENCE)).toMatchObject([{ loss: 'difference', written: true, baseline: null }]);
});

test('several in a sum', () => {
  expect(told(SUM).map(({ loss }) => loss)).toEqual(['mseLoss', 'l1Loss']);
});

describe('nothing is told of', () => {
  test.for(NOTHING)('%s', ([, loss]) => {
    expect(told(loss)).toEqual([]);
  });

  test('what comes beside a function’s', () => {
    const frames = told(BESIDE);
    expect(frames).toHaveLength(1);
    expect(frames[0]).not.toHaveProperty('written');
  });
});
