import { readFileSync } from 'node:fs';

/** A tensor as a file has it. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** Where every subject begins: the weights that our engine drew, and the batch. Written by ours.ts, a safetensors file. */
export interface Start {
  readonly parameters: Readonly<Record<string, Values>>;
  readonly x: Values;
  readonly y: Values;
}

interface Entry {
  readonly dtype: 'F32' | 'I32';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [from: number, to: number];
}

/** Reads it without our engine, which has no place in a peer's process. */
export function readStart(file: string): Start {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, Entry>;
  const values = ([name, { dtype, shape, data_offsets: place }]: [string, Entry]): [string, Values] => {
    const [from, to] = place.map((at) => 8 + length + at);
    // a copy, because a small file lies anywhere in a buffer
    const { buffer } = Uint8Array.from(bytes.subarray(from, to));
    return [name, { shape, data: dtype === 'I32' ? new Int32Array(buffer) : new Float32Array(buffer) }];
  };
  const { x, y, ...parameters } = Object.fromEntries(Object.entries(header).map(values));
  return { parameters, x, y };
}
