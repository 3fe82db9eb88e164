import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { allocate } from '../../tensor/allocate.ts';
import type { DType, Numbers } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';

/** The bytes of a file, unpacked if they are gzip (they start with 1f 8b, RFC 1952). */
export function readBytes(path: string | URL): Buffer {
  const bytes = readFileSync(path);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return packed ? naming(path, () => gunzipSync(bytes)) : bytes;
}

/** Lets errors of decoders, which know only bytes, name the file. @throws ArgumentError */
export function naming<T>(path: string | URL, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    throw new ArgumentError(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** How one number lies in a file, and the type it becomes. */
export interface Element {
  readonly size: number;
  readonly dtype: DType;
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number;
}

/** Half precision (IEEE 754 binary16). */
function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size =
    exponent === 31
      ? fraction > 0
        ? Number.NaN
        : Infinity
      : exponent === 0
        ? fraction * 2 ** -24
        : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}

/** bfloat16 is the upper half of a float32. */
function brain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}

// Integers of 64 bits become int32, as all indices are; larger ones don't fit and are refused where they are read.
export const elementTypes = {
  bool: { size: 1, dtype: 'bool', read: (v, at) => v.getUint8(at) },
  u8: { size: 1, dtype: 'int32', read: (v, at) => v.getUint8(at) },
  i8: { size: 1, dtype: 'int32', read: (v, at) => v.getInt8(at) },
  u16: { size: 2, dtype: 'int32', read: (v, at, le) => v.getUint16(at, le) },
  i16: { size: 2, dtype: 'int32', read: (v, at, le) => v.getInt16(at, le) },
  i32: { size: 4, dtype: 'int32', read: (v, at, le) => v.getInt32(at, le) },
  u32: { size: 4, dtype: 'int32', read: (v, at, le) => v.getUint32(at, le) },
  i64: { size: 8, dtype: 'int32', read: (v, at, le) => Number(v.getBigInt64(at, le)) },
  u64: { size: 8, dtype: 'int32', read: (v, at, le) => Number(v.getBigUint64(at, le)) },
  f16: { size: 2, dtype: 'float32', read: (v, at, le) => half(v.getUint16(at, le)) },
  bf16: { size: 2, dtype: 'float32', read: (v, at, le) => brain(v.getUint16(at, le)) },
  f32: { size: 4, dtype: 'float32', read: (v, at, le) => v.getFloat32(at, le) },
  f64: { size: 8, dtype: 'float64', read: (v, at, le) => v.getFloat64(at, le) },
} satisfies Record<string, Element>;

export type ElementName = keyof typeof elementTypes;

/** `count` numbers from a place in a file's bytes. @throws RangeError for an integer beyond int32, or an end too early. */
export function decode(
  bytes: Uint8Array,
  start: number,
  count: number,
  name: ElementName,
  littleEndian: boolean,
): Numbers {
  const { size, dtype, read }: Element = elementTypes[name];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = allocate(dtype, count);
  for (let i = 0; i < count; i++) {
    const value = read(view, start + i * size, littleEndian);
    out[i] = value;
    if (dtype === 'int32' && out[i] !== value)
      throw new RangeError(`element ${i} is ${value}, which int32 can't hold.`);
  }
  return out;
}
