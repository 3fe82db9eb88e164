import { describe, expect, it } from 'vitest';
import {
  formatConfidence,
  formatCount,
  formatDecade,
  formatInteger,
  formatNorm,
  formatNumber,
  formatSeconds,
  formatSpread,
} from '../../webview/flow/format.ts';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [-24, '−24'],
    [0.51234, '0.512'],
    [0.001, '0.001'],
    [0.00099, '9.9e−4'],
    [1.2e-9, '1.2e−9'],
    [-3.456e-12, '−3.46e−12'],
    [98_765, '98,800'],
    [123_456, '1.23e5'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
    [Number.NaN, '–'],
    [null, '–'],
  ])('writes %s as %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it('says of a norm that it is infinite only as far as that is known', () => {
    expect(formatNorm(Infinity)).toBe('NaN or ∞');
    expect(formatNorm(undefined)).toBe('–');
    expect(formatNorm(0)).toBe('0');
  });

  it('writes mean and spread, or nothing', () => {
    expect(formatSpread(-0.0123, 4.56e-7)).toBe('−0.012 ± 4.6e−7');
    expect(formatSpread(null, null)).toBe('–');
  });
});

describe('counts, axis labels, words', () => {
  it('shortens counts', () => {
    expect([999, 99_999, 123_456, 44_400_000, 7e9].map(formatCount)).toEqual([
      '999',
      '99,999',
      '123 K',
      '44.4 M',
      '7 B',
    ]);
  });

  it('labels decades', () => {
    expect([-9, -3, 0, 3, 4, 5].map(formatDecade)).toEqual(['1e−9', '0.001', '1', '1,000', '10,000', '1e5']);
  });

  it('gives confidence as a word and per cent', () => {
    expect([0.97, 0.74, 0.5, 0.2].map(formatConfidence)).toEqual([
      'Very likely · 97%',
      'Likely · 74%',
      'Possible · 50%',
      'Uncertain · 20%',
    ]);
  });

  it('writes durations', () => {
    expect([1.87, 200, 7260].map(formatSeconds)).toEqual(['1.87 s', '3 min 20 s', '2 h 1 min']);
    expect(formatInteger(1234.4)).toBe('1,234');
  });
});
