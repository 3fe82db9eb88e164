import { unzipSync } from 'fflate';
import { wrap } from '../../tensor/elements.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { decode, type ElementName, elementTypes, naming, readBytes } from './files.ts';

const types: Readonly<Record<string, ElementName>> = {
  b1: 'bool',
  ...{ u1: 'u8', i1: 'i8', u2: 'u16', i2: 'i16', u4: 'u32', i4: 'i32', u8: 'u64', i8: 'i64' },
  ...{ f2: 'f16', f4: 'f32', f8: 'f64' },
};

/** NumPy's format, version 1 to 3 (NEP 1): a magic string, the length of a header, and the header, a Python dictionary. */
function parseNpy(bytes: Uint8Array, path: string): Tensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || bytes[0] !== 0x93 || String.fromCharCode(...bytes.subarray(1, 6)) !== 'NUMPY') {
    throw new ArgumentError(`readNpy: ${path} is no .npy file.`);
  }
  const [start, length] = bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const header = String.fromCharCode(...bytes.subarray(start, start + length));
  const descr = /'descr': *'([<>|=])(\w+)'/.exec(header);
  const type = types[descr?.[2] ?? ''];
  const shape = (/'shape': *\(([^)]*)\)/.exec(header)?.[1] ?? '').split(',').filter((n) => n.trim() !== '');
  if (descr === null || type === undefined) {
    throw new ArgumentError(`readNpy: ${path} holds elements that a tensor can't: ${header.trim()}`);
  }
  const sizes = shape.map(Number);
  const data = start + length;
  const wanted = data + sizeOf(sizes) * elementTypes[type].size;
  if (bytes.length < wanted) throw new ArgumentError(`readNpy: ${path} has ${bytes.length} bytes, expected ${wanted}.`);
  const values = decode(bytes, data, sizeOf(sizes), type, descr[1] !== '>');
  const { dtype } = elementTypes[type];
  if (!/'fortran_order': *True/.test(header)) return wrap(values, dtype, sizes);
  const reversed = wrap(values, dtype, sizes.toReversed());
  return reversed.permute([...sizes.keys()].reverse()).clone();
}

/** An array that NumPy saved. 64-bit integers become int32. @throws ArgumentError for a file that is none. */
export function readNpy(path: string | URL): Tensor {
  const bytes = readBytes(path);
  return naming(path, () => parseNpy(bytes, String(path)));
}

function unpack(path: string | URL): Record<string, Uint8Array> {
  const bytes = readBytes(path);
  return naming(path, () => unzipSync(bytes));
}

/** The arrays of an .npz file by name. @throws ArgumentError for a file that is none. */
export function readNpz(path: string | URL): Record<string, Tensor> {
  const files = Object.entries(unpack(path)).filter(([name]) => name.endsWith('.npy'));
  return Object.fromEntries(
    files.map(([name, bytes]) => [
      name.slice(0, -4),
      naming(`${path}/${name}`, () => parseNpy(bytes, `${path}/${name}`)),
    ]),
  );
}
