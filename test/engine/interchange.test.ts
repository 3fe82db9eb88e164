// Files that other programs wrote: the bytes below are NumPy's and the `safetensors` package's own.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, test } from 'vitest';
import { data, nn, tensor } from '../../engine/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'gradlens-interchange-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

describe('safetensors', () => {
  // {a.weight: float32 [[1.5, -2]], n: int64 [7], h: float16 [0.5, -65504], b16: bfloat16 [1, -3], m: bool [true, false]}
  const foreign =
    'IAEAAAAAAAB7Im4iOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOlswLDhdfSwiYS53ZWlnaHQiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzEsMl0s' +
    'ImRhdGFfb2Zmc2V0cyI6WzgsMTZdfSwiYjE2Ijp7ImR0eXBlIjoiQkYxNiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzE2LDIwXX0sImgiOnsiZHR5cGUiOiJGMTYi' +
    'LCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlsyMCwyNF19LCJtIjp7ImR0eXBlIjoiQk9PTCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzI0LDI2XX19ICAHAAAA' +
    'AAAAAAAAwD8AAADAgD9AwAA4//sBAA==';

  test('of PyTorch', () => {
    const state = data.loadSafetensors(file('foreign.safetensors', base64(foreign)));
    expect(Object.entries(state).map(([name, t]) => [name, t.dtype, t.toArray()])).toEqual([
      ['n', 'int32', [7]],
      ['a.weight', 'float32', [[1.5, -2]]],
      ['b16', 'float32', [1, -3]],
      ['h', 'float32', [0.5, -65504]],
      ['m', 'bool', [1, 0]],
    ]);
  });

  test('are written byte for byte as the format says', () => {
    const path = join(folder, 'own.safetensors');
    data.saveSafetensors({ b: tensor([true]), a: tensor([1, 2]) }, path);
    const header =
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(padded.length));
    const elements = Buffer.from([0, 0, 128, 63, 0, 0, 0, 64, 1]);
    expect(readFileSync(path)).toEqual(Buffer.concat([length, Buffer.from(padded), elements]));
  });

  test('carry a model over, also under PyTorch’s names', () => {
    const make = () => new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3), new nn.LSTM(3, 2));
    const [model, copy] = [make(), make()];
    const path = join(folder, 'model.safetensors');
    data.saveSafetensors(model.stateDict(), path);
    const ours = data.loadSafetensors(path);
    copy.loadStateDict(ours);
    expect(copy.stateDict()['2.weightIhL0'].toArray()).toEqual(model.stateDict()['2.weightIhL0'].toArray());
    const theirs: nn.StateDict = { '1.num_batches_tracked': tensor(3, { dtype: 'int32' }) };
    for (const [name, t] of Object.entries(ours)) theirs[name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)] = t;
    expect(theirs).toHaveProperty(['2.weight_ih_l0']);
    const other = make();
    other.loadStateDict(theirs);
    expect(other.stateDict()['1.runningVar'].toArray()).toEqual(model.stateDict()['1.runningVar'].toArray());
  });

  test('that are none are refused', () => {
    expect(() => data.loadSafetensors(file('short', 'abc'))).toThrow('is no safetensors file');
    const bytes = base64(foreign);
    expect(() => data.loadSafetensors(file('cut', bytes.subarray(0, bytes.length - 3)))).toThrow(
      "doesn't fit its shape",
    );
    expect(() => data.loadSafetensors(file('text', bytes.fill(0x20, 8, 12)))).toThrow('header is no JSON');
  });
});

describe('NumPy', () => {
  test('.npy in Fortran order', () => {
    const bytes =
      'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgIC' +
      'AgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAABAQAAAgD8AAIBAAAAAQAAAoEA=';
    expect(data.readNpy(file('f.npy', base64(bytes))).toArray()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });

  test('.npz, compressed, of several types', () => {
    const bytes =
      'UEsDBC0AAAAIAAAAIQCZcaW7//////////8FABQAeC5ucHkBABAAiAAAAAAAAABOAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6XaaSuo6Cell9UUpSYF59flJIKEn' +
      'dLzClOBYoXZyQWpAL5GkY6CkaaOgq1CmQDLgYGBkYGJgZmAFBLAwQtAAAACAAAACEANbQ6k///////////BQAUAHkubnB5AQAQAIgAAAAAAAAARwAAAAAAAACb7BfqGxDJ' +
      'yFDGUK2eklqcXKRupaBuk2ahrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RqaOgq1ChQBLgYwYHEAAFBLAQItAy0AAAAIAAAAIQCZcaW7TgAAAIgAAAAFAAAAAA' +
      'AAAAAAAACAAQAAAAB4Lm5weVBLAQItAy0AAAAIAAAAIQA1tDqTRwAAAIgAAAAFAAAAAAAAAAAAAACAAYUAAAB5Lm5weVBLBQYAAAAAAgACAGYAAAADAQAAAAA=';
    const { x, y } = data.readNpz(file('z.npz', base64(bytes)));
    expect([x.dtype, x.toArray(), y.dtype, y.shape, y.item()]).toEqual([
      'int32',
      [
        [0, 1],
        [2, 3],
      ],
      'float64',
      [],
      2.5,
    ]);
  });

  test('other files are refused', () => {
    expect(() => data.readNpy(file('no.npy', 'not an array at all'))).toThrow('is no .npy file');
  });
});

test('IDX, plain and gzip', () => {
  const bytes = Buffer.from([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 127, 128, 255]);
  const wanted = [
    [0, 127],
    [128, 255],
  ];
  expect(data.readIdx(file('a.idx', bytes)).toArray()).toEqual(wanted);
  expect(data.readIdx(file('a.idx.gz', gzipSync(bytes))).toArray()).toEqual(wanted);
  expect(() => data.readIdx(file('b.idx', bytes.subarray(0, 14)))).toThrow('has 14 bytes, expected 16');
  expect(() => data.readIdx(file('c.idx', 'hello'))).toThrow('is no IDX file');
});

describe('CSV', () => {
  test('with a mark of its bytes’ order, quotes, foreign line ends and names', () => {
    const text = '\ufeffa;"b"\r\n1;"-2.5e-1"\r\n\r\n nan ; 3\r\n';
    const path = file('names.csv', text);
    expect(data.readCsv(path, { delimiter: ';', skipRows: 1 }).toArray()).toEqual([
      [1, -0.25],
      [Number.NaN, 3],
    ]);
    expect(() => data.readCsv(path, { delimiter: ';' })).toThrow('"a" in row 1, column 1');
  });

  test('that can’t be read', () => {
    const packed = gzipSync('1,2\n3,4\n');
    expect(data.readCsv(file('a.csv.gz', packed)).shape).toEqual([2, 2]);
    expect(() => data.readCsv(file('cut.csv.gz', packed.subarray(0, 15)))).toThrow(/cut\.csv\.gz can't be read: /);
    packed[14] ^= 255;
    expect(() => data.readCsv(file('flipped.csv.gz', packed))).toThrow(/flipped\.csv\.gz can't be read: /);
    expect(() => data.readCsv(file('open.csv', '1,"2\n3,4'))).toThrow(/open\.csv can't be read: /);
    expect(() => data.readCsv(file('rows.csv', '1,2\n3\n'))).toThrow('row 2 of');
    expect(() => data.readCsv(join(folder, 'none.csv'))).toThrow('none.csv');
  });
});

describe('images', () => {
  const png = new PNG({ width: 2, height: 1 });
  png.data.set([255, 0, 51, 255, 0, 255, 0, 255]);

  test('PNG in colours and gray', () => {
    const path = file('a.png', PNG.sync.write(png));
    expect(data.readImage(path).toArray()).toEqual([[[1, 0]], [[0, 1]], [[Math.fround(0.2), 0]]]);
    expect(data.readImage(path, { mode: 'gray' }).at(0, 0, 1).item()).toBeCloseTo(0.587, 6);
  });

  test('a changed byte is noticed', () => {
    const bytes = PNG.sync.write(png);
    bytes[45] ^= 255;
    expect(() => data.readImage(file('changed.png', bytes))).toThrow(/changed\.png can't be read: /);
  });

  test('a folder per class, PNG and JPEG', () => {
    for (const name of ['cat', 'dog']) mkdirSync(join(folder, 'images', name), { recursive: true });
    file('images/cat/1.png', PNG.sync.write(png));
    const gray = { width: 2, height: 1, data: Buffer.alloc(8, 128) };
    file('images/dog/1.jpg', jpeg.encode(gray, 90).data);
    const images = new data.ImageFolder(join(folder, 'images'));
    const [[x, y]] = [...new data.DataLoader(images, { batchSize: 2 })];
    expect([images.classes, x.shape, y.toArray()]).toEqual([
      ['cat', 'dog'],
      [2, 3, 1, 2],
      [0, 1],
    ]);
    expect(x.at(1, 0, 0, 0).item()).toBeCloseTo(0.5, 1);
    expect([images.targets, images.classToIdx]).toEqual([[0, 1], { cat: 0, dog: 1 }]);
    file('images/dog/2.png', PNG.sync.write(new PNG({ width: 3, height: 3 })));
    const mixed = new data.ImageFolder(join(folder, 'images'));
    expect(() => mixed.batch([0, 2])).toThrow(/one shape, got \[3, 1, 2\] in .*1\.png and \[3, 3, 3\] in .*2\.png/);
    expect(() => new data.ImageFolder(join(folder, 'images', 'cat'))).toThrow('expected a folder per class');
  });
});
