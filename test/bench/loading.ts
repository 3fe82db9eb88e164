/**
 * What decoding images in other threads gains: images per second of a loader alone, and of a loader whose batches are trained
 * on, with and without threads. And what reading tables costs, which is done once, before there is anything to do besides.
 * Asserts nothing.
 *
 *     node test/bench/loading.ts
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { data, F, nn, optim, type Tensor } from '../../engine/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'gradlens-loading-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

function pixels(size: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(4 * size * size);
  // Waves with a little noise, as photographs are neither flat nor random.
  bytes.forEach((_, i) => {
    const [x, y] = [(i >> 2) % size, Math.floor((i >> 2) / size)];
    bytes[i] = 128 + 90 * Math.sin((x * (1 + (i & 3)) + y * seed) / 9) + ((i * 2654435761) >>> 28);
  });
  return bytes;
}

function imageFolder(kind: 'png' | 'jpg', size: number, count: number): string {
  const root = join(folder, `${kind}-${size}`);
  for (const name of ['a', 'b']) mkdirSync(join(root, name), { recursive: true });
  for (let i = 0; i < count; i++) {
    const picture = Buffer.from(pixels(size, i));
    const png = new PNG({ width: size, height: size });
    png.data = picture;
    const bytes =
      kind === 'png' ? PNG.sync.write(png) : jpeg.encode({ width: size, height: size, data: picture }, 85).data;
    writeFileSync(join(root, i % 2 ? 'a' : 'b', `${i}.${kind}`), bytes);
  }
  return root;
}

const seconds = (body: () => void): number => {
  const start = performance.now();
  body();
  return (performance.now() - start) / 1000;
};

function training(): (x: Tensor, y: Tensor) => void {
  const model = new nn.Sequential(
    new nn.Conv2d(3, 8, 3, { stride: 2, padding: 1 }),
    new nn.ReLU(),
    new nn.AdaptiveAvgPool2d(1),
    new nn.Flatten(),
    new nn.Linear(8, 2),
  );
  const optimizer = new optim.SGD(model.parameters(), { lr: 1e-3 });
  return (x, y) => {
    optimizer.zeroGrad();
    F.crossEntropy(model(x), y).backward();
    optimizer.step();
  };
}

console.log('images per second          loader alone               with training');
console.log('                           0        1        2        0        1        2 threads');
for (const [kind, size, count] of [
  ['png', 16, 512],
  ['png', 64, 256],
  ['png', 224, 64],
  ['jpg', 64, 256],
  ['jpg', 224, 64],
] as const) {
  const root = imageFolder(kind, size, count);
  const rates = [false, true].flatMap((trained) =>
    [0, 1, 2].map((numWorkers) => {
      const loader = new data.DataLoader(new data.ImageFolder(root), { batchSize: 16, numWorkers });
      const step = trained ? training() : null;
      const walk = (): void => {
        for (const [x, y] of loader) step?.(x, y);
      };
      walk(); // threads started, code compiled
      return count / Math.min(...[0, 1, 2].map(() => seconds(walk)));
    }),
  );
  console.log(`${kind} ${size} × ${size}`.padEnd(22) + rates.map((rate) => rate.toFixed(0).padStart(9)).join(''));
}

const rows = 20_000;
const table = join(folder, 'table.csv');
writeFileSync(
  table,
  `${Array.from({ length: rows }, (_, i) => Array.from({ length: 20 }, (_, c) => Math.sin(i + c)).join(',')).join('\n')}\n`,
);
console.log(`readCsv: ${(rows / seconds(() => data.readCsv(table))).toFixed(0)} rows of 20 per second, once`);
