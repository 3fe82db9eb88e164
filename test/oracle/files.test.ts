// Files that NumPy, Pillow and safetensors wrote (files.py), read by ours; then the same files cut short.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { data, nn, type Tensor, tensor } from '../../engine/index.ts';

interface Content {
  readonly shape: number[];
  readonly values: (number | string)[];
}

interface File extends Partial<Content> {
  readonly name: string;
  readonly bytes: string;
  readonly error?: string;
  readonly entries?: Record<string, Content>;
  readonly question?: Content;
  readonly answer?: Content;
  readonly modes?: Record<'RGB' | 'RGBA' | 'L', Content>;
}

const [version, ...files]: [{ numpy: string; pillow: string; safetensors: string }, ...File[]] = JSON.parse(
  `[${gunzipSync(readFileSync(new URL('files.jsonl.gz', import.meta.url)))
    .toString()
    .trim()
    .replaceAll('\n', ',')}]`,
);

const folder = mkdtempSync(join(tmpdir(), 'gradlens-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

const bytesOf = ({ bytes }: File): Buffer => Buffer.from(bytes, 'base64');
const place = (file: File): string => write(file.name, bytesOf(file));

function same(got: Tensor, { shape, values }: Content, tolerance = 0): void {
  expect(got.shape).toEqual(shape);
  const found = got.toFlat();
  values.map(Number).forEach((want, i) => {
    if (Number.isFinite(want)) expect(Math.abs(found[i] - want), `element ${i}`).toBeLessThanOrEqual(tolerance);
    else expect(found[i]).toBe(want);
  });
}

const ending = (...wanted: string[]): File[] => files.filter(({ name }) => wanted.includes(extname(name)));

describe(`.npy of NumPy ${version.numpy}`, () => {
  test.each(ending('.npy').map((f) => [f.name, f] as const))('%s', (_, file) => {
    if (file.error !== undefined) expect(() => data.readNpy(place(file))).toThrow(file.error);
    else same(data.readNpy(place(file)), file as Content);
  });
});

describe('several tensors', () => {
  test.each(
    ending('.npz', '.safetensors')
      .filter(({ entries }) => entries !== undefined)
      .map((f) => [f.name, f] as const),
  )('%s', (name, file) => {
    const read = name.endsWith('.npz') ? data.readNpz : data.loadSafetensors;
    const tensors = read(place(file));
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(file.entries!).sort());
    for (const [key, content] of Object.entries(file.entries!)) same(tensors[key], content);
  });
});

test('a network of PyTorch gives the same answers here', () => {
  const file = files.find(({ answer }) => answer !== undefined)!;
  const body = new nn.Sequential(
    new nn.Conv2d(2, 4, 3, { padding: 1 }),
    new nn.BatchNorm2d(4),
    new nn.GELU(),
    new nn.Flatten(2),
    new nn.LSTM(20, 6, { batchFirst: true, bidirectional: true }),
  );
  body.loadStateDict(data.loadSafetensors(place(file)));
  const { shape, values } = file.question!;
  const [answer] = body.eval()(tensor(values.map(Number)).reshape(shape)) as unknown as Tensor[];
  same(answer, file.answer!, 1e-6);
});

describe(`images of Pillow ${version.pillow}`, () => {
  // Decoders of JPEG may round otherwise, and Pillow smoothes colours that are kept at half the size. Its gray is a whole number.
  const levels = (name: string): number => (name === 'coarse.jpg' ? 16 : name.endsWith('.jpg') ? 3 : 0);
  test.each(ending('.png', '.jpg').map((f) => [f.name, f] as const))('%s', (name, file) => {
    const path = place(file);
    for (const [mode, ours] of [
      ['RGB', 'rgb'],
      ['RGBA', 'rgba'],
      ['L', 'gray'],
    ] as const) {
      const image = data.readImage(path, { mode: ours });
      same(image.mul(255), file.modes![mode], levels(name) + (mode === 'L' ? 0.51 : 1e-4));
    }
  });
});

describe('files that end early name themselves and say what is wrong', () => {
  const readers: Record<string, (path: string) => unknown> = {
    '.npy': data.readNpy,
    '.npz': data.readNpz,
    '.safetensors': data.loadSafetensors,
    '.png': data.readImage,
    '.jpg': data.readImage,
  };
  const whole = files.filter(({ error, name }) => error === undefined && name !== 'empty.npy');
  test.each(whole.map((f) => [f.name, f] as const))('%s', (name, file) => {
    const bytes = bytesOf(file);
    for (const share of [0, 0.02, 0.2, 0.5, 0.9]) {
      const path = write(`cut-${name}`, bytes.subarray(0, Math.floor(bytes.length * share)));
      expect(() => readers[extname(name)](path), `${share}`).toThrow(path);
    }
  });
});
