// Images decoded ahead by other threads: the same batches, the same errors in the same places, and a process that ends.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { data, manualSeed, type Tensor } from '../../engine/index.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'gradlens-loading-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Images of 6 × 6, all different, PNG and JPEG in turn. */
function write(root: string, count: number): string {
  for (const name of ['a', 'b']) mkdirSync(join(root, name), { recursive: true });
  for (let i = 0; i < count; i++) {
    const picture = {
      width: 6,
      height: 6,
      data: Buffer.from(Array.from({ length: 144 }, (_, k) => (k * (i + 3)) % 256)),
    };
    const bytes = i % 3 ? PNG.sync.write(Object.assign(new PNG(picture), picture)) : jpeg.encode(picture, 90).data;
    writeFileSync(join(root, i % 2 ? 'a' : 'b', `${String(i).padStart(3, '0')}.${i % 3 ? 'png' : 'jpg'}`), bytes);
  }
  return root;
}

const root = write(join(folder, 'images'), 23);

// A thread that can't be had only costs time, so it must not pass unnoticed.
const warnings: Error[] = [];
process.on('warning', (warning) => warnings.push(warning));
afterEach(async () => {
  await setImmediate(); // when warnings are told
  expect(warnings).toEqual([]);
});

const { transforms } = data;
const images = (mode: 'rgb' | 'gray' = 'rgb') =>
  new data.ImageFolder(root, {
    mode,
    transform: transforms.compose([transforms.randomHorizontalFlip(), transforms.randomCrop(5, { padding: 1 })]),
  });
const values = (batches: Iterable<Tensor[]>): unknown[] => [...batches].map((batch) => batch.map((t) => t.toArray()));

function epochs(dataset: data.Dataset, options: data.LoaderOptions): unknown[] {
  manualSeed(3);
  const loader = new data.DataLoader(dataset, options);
  return [values(loader), values(loader)];
}

describe('the same batches', () => {
  const cases: Record<string, [data.Dataset, data.LoaderOptions]> = {
    'in order': [images(), { batchSize: 4 }],
    'shuffled, without the rest': [images('gray'), { batchSize: 4, shuffle: true, dropLast: true }],
    'of a subset': [new data.Subset(images(), [5, 5, 0, 22, 7]), { batchSize: 2 }],
    'of two data sets': [new data.ConcatDataset([images(), new data.Subset(images(), [1, 2])]), { batchSize: 7 }],
    'by a collate function': [images(), { batchSize: 3, collate: (samples) => data.collate(samples.toReversed()) }],
    'drawn by weights': [images(), { batchSize: 4, sampler: new data.WeightedRandomSampler([0, 3, 1, 2], 12) }],
  };
  test.each(Object.entries(cases))('%s', (_, [dataset, options]) => {
    const alone = epochs(dataset, options);
    for (const numWorkers of [1, 3]) {
      expect(epochs(dataset, { ...options, numWorkers, prefetchFactor: 1 })).toEqual(alone);
    }
  });

  test('of two loaders in turns, after one was left early', () => {
    const plain = new data.ImageFolder(root);
    const alone = values(new data.DataLoader(plain, { batchSize: 2 }));
    const [first, second] = [0, 0].map(() => new data.DataLoader(plain, { batchSize: 2, numWorkers: 2 }));
    for (const _ of first) break;
    const walk = first[Symbol.iterator]();
    const begun = walk.next().value as Tensor[];
    expect(values(second)).toEqual(alone);
    expect(values([begun, ...(walk as Iterable<Tensor[]>)])).toEqual(alone);
  });

  test('of a data set that reads something else than it said', () => {
    const plain = new data.ImageFolder(root);
    const liar: data.Dataset = {
      length: plain.length,
      images: (i) => plain.images((i + 1) % plain.length),
      get: (i, read) => plain.get(i, read),
      batch: (indices, read) => plain.batch(indices, read),
    };
    expect(epochs(liar, { batchSize: 5, numWorkers: 2 })).toEqual(epochs(plain, { batchSize: 5 }));
  });
});

test('a damaged file is an error at the batch that needs it', () => {
  const broken = write(join(folder, 'broken'), 12);
  writeFileSync(join(broken, 'a', '007.png'), 'no image');
  const walk = (numWorkers: number): [number, string] => {
    let batches = 0;
    try {
      for (const _ of new data.DataLoader(new data.ImageFolder(broken), { batchSize: 2, numWorkers })) batches++;
    } catch (error) {
      return [batches, String(error)];
    }
    throw new Error('expected an error');
  };
  expect(walk(2)).toEqual(walk(0));
  // 001 003 | 005 007
  expect(walk(2)).toEqual([1, expect.stringContaining('007.png is neither PNG nor JPEG')]);
  expect(() => new data.DataLoader(images(), { numWorkers: -1 })).toThrow('numWorkers ≥ 0');
});

describe('a process with such threads ends by itself', () => {
  const script = (engine: string): string => `
    const { data } = await import(${JSON.stringify(pathToFileURL(engine).href)});
    const loader = new data.DataLoader(new data.ImageFolder(${JSON.stringify(root)}), { batchSize: 4, numWorkers: 2 });
    let sum = 0;
    for (const [x] of loader) sum += x.sum().item();
    for (const _ of loader) break;
    console.log(sum.toFixed(3));`;

  const sum = (): string => {
    const all = [...new data.DataLoader(new data.ImageFolder(root), { batchSize: 4 })];
    return `${all.reduce((total, [x]) => total + x.sum().item(), 0).toFixed(3)}\n`;
  };

  test('from source', async () => {
    const file = join(folder, 'source.mjs');
    writeFileSync(file, script(join(import.meta.dirname, '../../engine/index.ts')));
    expect(await run(process.execPath, [file])).toEqual({ stdout: sum(), stderr: '' });
  });

  test('bundled', async () => {
    // @ts-expect-error: plain JavaScript
    const { bundles } = await import('../../tools/build/bundles.mjs');
    const engine = bundles({ production: true, out: folder }).find(
      (options: esbuild.BuildOptions) => 'decoder' in (options.entryPoints ?? {}),
    );
    await esbuild.build(engine);
    const file = join(folder, 'bundled.mjs');
    writeFileSync(file, script(join(folder, 'dist/engine/gradlens.js')));
    expect(await run(process.execPath, [file])).toEqual({ stdout: sum(), stderr: '' });
  });
});
