import type { Numbers } from '../../tensor/dtype.ts';
import type { Heap } from './heap.ts';

/** Calls a kernel on a few numbers from `heap`, enough for whole pairs of vectors and rests; answers with what it computed. */
export type Trial<Kernel> = (kernel: Kernel, heap: Heap) => Numbers;

/** `count` numbers between −2 and 2 that differ. */
export function sample(heap: Heap, count: number): Float32Array {
  const out = heap.allocate('float32', count, true) as Float32Array;
  for (let i = 0; i < count; i++) out[i] = 2 * Math.sin(1.7 * i + 0.3);
  return out;
}

/** The same to within rounding. */
const close = (x: number, y: number): boolean =>
  Object.is(x, y) || Math.abs(x - y) <= 1e-4 * Math.max(1, Math.abs(y)) || (Number.isNaN(x) && Number.isNaN(y));

/** Whether a kernel computes what its reference does. */
export function agrees<Kernel>(fast: Kernel, slow: Kernel, trial: Trial<Kernel>, heap: Heap): boolean {
  const [got, expected] = [trial(fast, heap), trial(slow, heap)];
  return got.length === expected.length && got.every((v, i) => close(v, expected[i]));
}

type Trials<Table> = { readonly [Name in keyof Table]?: Trial<Table[Name]> };

/**
 * Lets V8's revectorizer be trusted kernel by kernel: each is tried when it is first called, which is when V8 compiles it,
 * so that a process pays for those that it uses. One that's wrong gives way to its reference.
 */
export function triedAtFirstUse<Table extends object>(
  fast: Table,
  slow: Table,
  trials: Trials<Table>,
  heap: Heap,
): Table {
  const table = { ...fast };
  for (const name of Object.keys(trials) as (keyof Table)[]) {
    const trial = trials[name]!;
    if (fast[name] === slow[name]) continue;
    const first = (...operands: unknown[]): unknown => {
      table[name] = agrees(fast[name], slow[name], trial, heap) ? fast[name] : slow[name];
      return (table[name] as (...operands: unknown[]) => unknown)(...operands);
    };
    table[name] = first as Table[typeof name];
  }
  return table;
}
