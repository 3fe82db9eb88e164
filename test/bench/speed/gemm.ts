import { percent, type Table } from './figures.ts';
import { ask, ours, type Python, python } from './processes.ts';

export interface Gemm {
  readonly size: number;
  /** Float32 operations per second of one core, by who computes. */
  readonly rates: Readonly<Record<string, number>>;
  /** Of the core at 128 bits. */
  readonly peak: number;
}

const SIZES = [64, 128, 256, 512, 1024];
export const NARROW = 'ours, 128-bit';

/** Square matrix products beside what a core can do at 128 bits. */
export function measureGemm(pythons: readonly Python[]): Gemm[] {
  const list = SIZES.join();
  const narrow = ask<{ size: number; rate: number; peak: number }[]>(ours('gemm', [list], 'narrow'));
  const others = [
    ['ours, 256-bit', ours('gemm', [list])] as const,
    ...pythons.map((it) => [`torch ${it.version}`, python(it, 'gemm', [list])] as const),
  ].map(([name, command]) => ({ name, rates: ask<{ rate: number }[]>(command) }));
  return narrow.map(({ size, rate, peak }, i) => ({
    size,
    peak,
    rates: { [NARROW]: rate, ...Object.fromEntries(others.map(({ name, rates }) => [name, rates[i].rate])) },
  }));
}

export const shareOfPeak = ({ rates, peak }: Gemm): number => rates[NARROW] / peak;

export function gemmTable(gemms: readonly Gemm[]): Table {
  const giga = (rate: number) => (rate / 1e9).toFixed(1);
  return {
    title: 'Matrix products, one thread, best values, GFLOP/s',
    header: ['', ...gemms.map(({ size }) => `${size}²`)],
    rows: [
      ['128-bit peak of the core', ...gemms.map(({ peak }) => giga(peak))],
      ...Object.keys(gemms[0].rates).map((name) => [name, ...gemms.map(({ rates }) => giga(rates[name]))]),
      [`${NARROW}, of that peak`, ...gemms.map((gemm) => percent(shareOfPeak(gemm)))],
    ],
  };
}
