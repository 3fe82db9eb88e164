import { readFileSync, writeFileSync } from 'node:fs';
import type { StateDict } from '../nn/module.ts';
import type { DType } from '../tensor/dtype.ts';
import { elements, wrap } from '../tensor/elements.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { sizeOf } from '../tensor/shape.ts';
import { decode, type ElementName, elementTypes, naming } from './readers/files.ts';

// The format of https://github.com/huggingface/safetensors: the length of the header in 8 bytes, little-endian; the header, JSON
// that says type, shape and place of each tensor by name; their elements, little-endian and row-major, without gaps.

const written: Readonly<Record<DType, string>> = { float32: 'F32', float64: 'F64', int32: 'I32', bool: 'BOOL' };
const longestHeader = 100_000_000;

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [from: number, to: number];
}

/** Writes tensors by name, such as a model's `stateDict()`. */
export function saveSafetensors(
  state: StateDict,
  path: string | URL,
  metadata?: Readonly<Record<string, string>>,
): void {
  const header: Record<string, Entry | Readonly<Record<string, string>>> = metadata ? { __metadata__: metadata } : {};
  const parts: Uint8Array[] = [];
  let at = 0;
  // Wider elements first, as the format's own writer has it, so that all lie aligned.
  const width = ([, tensor]: (typeof entries)[number]): number => elements(tensor).BYTES_PER_ELEMENT;
  const entries = Object.entries(state);
  for (const [name, tensor] of entries.toSorted((a, b) => width(b) - width(a) || (a[0] < b[0] ? -1 : 1))) {
    const data = elements(tensor);
    header[name] = { dtype: written[tensor.dtype], shape: [...tensor.shape], data_offsets: [at, at + data.byteLength] };
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    at += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  // Filled up with spaces, so that the elements start at a multiple of 8.
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  writeFileSync(path, Buffer.concat([length, padded, ...parts]));
}

function parseHeader(
  bytes: Buffer,
  path: string | URL,
): { readonly entries: [string, Entry][]; readonly start: number } {
  const length = bytes.length < 8 ? -1 : Number(bytes.readBigUInt64LE(0));
  if (length < 0 || length > longestHeader || 8 + length > bytes.length) {
    throw new ArgumentError(`loadSafetensors: ${path} is no safetensors file: its header doesn't fit into it.`);
  }
  let header: Record<string, Entry>;
  try {
    header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, Entry>;
  } catch {
    throw new ArgumentError(`loadSafetensors: ${path} is no safetensors file: its header is no JSON.`);
  }
  return { entries: Object.entries(header).filter(([name]) => name !== '__metadata__'), start: 8 + length };
}

/**
 * Tensors by name, for `loadStateDict`. Half precision becomes float32, 64-bit integers int32.
 * @throws ArgumentError for a file that isn't well-formed.
 */
export function loadSafetensors(path: string | URL): StateDict {
  const bytes = readFileSync(path);
  const { entries, start } = parseHeader(bytes, path);
  return Object.fromEntries(
    entries.map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const type = dtype.toLowerCase();
        if (!(type in elementTypes))
          throw new ArgumentError(`loadSafetensors: ${name} in ${path} is ${dtype}, which no tensor is.`);
        const element = elementTypes[type as ElementName];
        if (to - from !== sizeOf(shape) * element.size || from < 0 || start + to > bytes.length) {
          throw new ArgumentError(`loadSafetensors: ${name} in ${path} has a place that doesn't fit its shape.`);
        }
        return [
          name,
          naming(`${name} in ${path}`, () =>
            wrap(decode(bytes, start + from, sizeOf(shape), type as ElementName, true), element.dtype, shape),
          ),
        ];
      },
    ),
  );
}
