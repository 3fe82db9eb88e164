// Optimizers by hand, data tools and metrics. PyTorch's own trajectories are in test/oracle.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import {
  arange,
  data,
  manualSeed,
  metrics,
  nn,
  noGrad,
  optim,
  type Tensor,
  tensor,
  zeros,
} from '../../engine/index.ts';

describe('optimizers', () => {
  const parameter = () => tensor([1], { requiresGrad: true, dtype: 'float64' });
  const pull = (p: Tensor, optimizer: optim.Optimizer, steps: number) => {
    const path: number[] = [];
    for (let i = 0; i < steps; i++) {
      optimizer.zeroGrad();
      p.square().backward(); // g = 2p
      optimizer.step();
      path.push(p.item());
    }
    return path.map((v) => Number(v.toFixed(10)));
  };

  test('SGD with momentum: v = 2, 0.9·2 + 1.6 …', () => {
    const p = parameter();
    expect(pull(p, new optim.SGD([p], { lr: 0.1, momentum: 0.9 }), 3)).toEqual([0.8, 0.46, 0.062]);
  });

  test('the first step of Adam is lr, whatever the gradient', () => {
    const p = parameter();
    expect(pull(p, new optim.Adam([p], { lr: 0.1, eps: 0 }), 1)).toEqual([0.9]);
  });

  test('AdamW decays apart from the gradient: 1·(1 − 0.1·0.5) − 0.1', () => {
    const p = parameter();
    expect(pull(p, new optim.AdamW([p], { lr: 0.1, eps: 0, weightDecay: 0.5 }), 1)).toEqual([0.85]);
  });

  test('groups have their own options; parameters without gradient stay', () => {
    const [a, b, c] = [parameter(), parameter(), parameter()];
    const optimizer = new optim.SGD([{ params: [a] }, { params: [b, c], lr: 1 }], { lr: 0.1 });
    a.add(b).backward();
    optimizer.step();
    expect([a.item(), b.item(), c.item()]).toEqual([0.9, 0, 1]);
  });

  test('refuse what can’t be trained', () => {
    expect(() => new optim.SGD([], { lr: 0.1 })).toThrow('no parameters to train');
    expect(() => new optim.SGD([parameter()], { lr: -1 })).toThrow('must be a number ≥ 0, got -1');
    expect(() => new optim.SGD([parameter().mul(2)], { lr: 1 })).toThrow("can't train the output of mul");
  });

  test('a plateau lowers the rate', () => {
    const optimizer = new optim.SGD([parameter()], { lr: 1 });
    const schedule = new optim.ReduceLROnPlateau(optimizer, { patience: 1, factor: 0.5 });
    for (const metric of [3, 2, 2, 2, 2]) schedule.step(metric);
    expect(optimizer.paramGroups[0].lr).toBe(0.5);
  });

  test('clipping scales all gradients together', () => {
    const [a, b] = [parameter(), parameter()];
    a.mul(3).add(b.mul(4)).backward();
    expect(nn.utils.clipGradNorm_([a, b], 1).item()).toBe(5);
    expect(a.grad!.item()).toBeCloseTo(0.6, 6);
    nn.utils.clipGradValue_([a, b], 0.1);
    expect(b.grad!.item()).toBe(0.1);
  });
});

describe('data', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gradlens-data-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  test('readCsv, plain and packed', () => {
    const want = [
      [1, -2.5],
      [3, 4e-3],
    ];
    const round = (t: Tensor) => t.toArray<number[][]>().map((row) => row.map((v) => Number(v.toFixed(6))));
    expect(round(data.readCsv(file('plain.csv', '1,-2.5\r\n3, 4e-3\n\n')))).toEqual(want);
    expect(
      round(data.readCsv(file('packed.csv.gz', gzipSync('a;b\n1;-2.5\n3;4e-3')), { delimiter: ';', skipRows: 1 })),
    ).toEqual(want);
    expect(() => data.readCsv(file('names.csv', 'a,b\n1,2'))).toThrow('"a" in row 1, column 1');
    expect(() => data.readCsv(file('short.csv', '1,2\n3'))).toThrow('row 2');
  });

  const dataset = new data.TensorDataset(arange(10).reshape([10, 1]), arange(10));

  test('the loader goes through every sample once, in batches', () => {
    manualSeed(3);
    const loader = new data.DataLoader(dataset, { batchSize: 4, shuffle: true });
    const batches = [...loader];
    expect([loader.length, batches.map(([x]) => x.shape)]).toEqual([
      3,
      [
        [4, 1],
        [4, 1],
        [2, 1],
      ],
    ]);
    const seen = batches.flatMap(([, y]) => y.toArray());
    expect(seen).not.toEqual(arange(10).toArray());
    expect(seen.toSorted((a, b) => a - b)).toEqual(arange(10).toArray());
    for (const [x, y] of batches) expect(x.reshape([-1]).toArray()).toEqual(y.toArray());
    expect([...loader].flatMap(([, y]) => y.toArray())).not.toEqual(seen); // a new order each time
    expect([...new data.DataLoader(dataset, { batchSize: 4, dropLast: true })].length).toBe(2);
  });

  test('the transform works on each input', () => {
    const loader = new data.DataLoader(dataset, { batchSize: 5, transform: (x) => x.mul(2) });
    expect([...loader][1][0].reshape([-1]).toArray()).toEqual([10, 12, 14, 16, 18]);
  });

  test('randomSplit by counts or fractions', () => {
    const [a, b] = data.randomSplit(dataset, [7, 3]);
    expect([a.length, b.length]).toEqual([7, 3]);
    expect([...a.indices, ...b.indices].toSorted((x, y) => x - y)).toEqual(arange(10).toArray());
    expect(data.randomSplit(dataset, [0.75, 0.25]).map((part) => part.length)).toEqual([8, 2]);
    expect(() => data.randomSplit(dataset, [5, 4])).toThrow('neither counts that sum to 10');
  });

  test('moons lie on two half circles', () => {
    const { x, y } = data.twoMoons(100);
    expect([x.shape, y.shape, y.sum().item()]).toEqual([[100, 2], [100, 1], 50]);
    const centre = y.mul(tensor([[1, 0.5]]));
    expect(x.sub(centre).norm(2, 1).sub(1).abs().max().item()).toBeLessThan(1e-6);
  });

  test('image transforms', () => {
    manualSeed(0);
    const image = arange(9).reshape([1, 3, 3]).to('float32');
    expect(data.transforms.randomCrop(3, { padding: 1 })(image).shape).toEqual([1, 3, 3]);
    expect(data.transforms.randomCrop(2)(image).shape).toEqual([1, 2, 2]);
    const turned = data.transforms.randomRotation(0)(image);
    expect(turned.toArray()).toEqual(image.toArray());
    const flipped = data.transforms.randomHorizontalFlip(1)(image);
    expect(flipped.at(0, 0).toArray()).toEqual([2, 1, 0]);
    expect(data.transforms.normalize([4], [2])(image).at(0, 2, 2).item()).toBe(2);
  });
});

describe('metrics', () => {
  test('accuracy and confusion', () => {
    const scores = tensor([
      [1, 2],
      [3, 0],
      [0, 1],
    ]);
    const truth = tensor([1, 0, 0], { dtype: 'int32' });
    expect(metrics.accuracy(scores, truth)).toBeCloseTo(2 / 3);
    expect(metrics.confusionMatrix(scores, truth)).toEqual([
      [1, 1],
      [0, 1],
    ]);
    expect(() => metrics.accuracy(zeros([2, 3]), zeros([3]))).toThrow("don't fit targets [3]");
  });

  const truth = [
    { image: 0, classId: 0, box: [0, 0, 10, 10] },
    { image: 1, classId: 0, box: [0, 0, 10, 10] },
  ];

  test('mean average precision of perfect, of shifted, and of half the boxes', () => {
    const perfect = truth.map((t) => ({ ...t, score: 1 }));
    expect(metrics.meanAveragePrecision(perfect, truth)).toMatchObject({ map: 1, map50: 1 });
    // IoU 8/12 = 0.667: right at 0.50, 0.55, 0.60 and 0.65
    const shifted = perfect.map((d) => ({ ...d, box: [2, 0, 12, 10] }));
    expect(metrics.meanAveragePrecision(shifted, truth).map).toBeCloseTo(0.4);
    // recall stops at 0.5: precision is 1 at 51 of the 101 recalls
    expect(metrics.meanAveragePrecision(perfect.slice(1), truth).map50).toBeCloseTo(51 / 101);
  });

  test('a box counts once, best score first', () => {
    const twice = [
      { ...truth[0], score: 0.9 },
      { ...truth[0], score: 0.8 },
      { ...truth[1], score: 0.7 },
    ];
    // hit, miss, hit: precision 1 up to recall 0.5 (51 recalls), then 2/3 (50)
    expect(metrics.meanAveragePrecision(twice, truth).map50).toBeCloseTo((51 + 50 * (2 / 3)) / 101);
    expect(metrics.meanAveragePrecision([], truth).map).toBe(0);
  });
});

test('memory stays flat over many steps, and what the user holds stays right', () => {
  const w = tensor([[0.5]], { requiresGrad: true });
  const held: Tensor[] = [];
  for (let step = 0; step < 3000; step++) {
    const loss = zeros([64, 1]).add(1).matmul(w).square().mean();
    loss.backward();
    noGrad(() => w.sub_(w.grad!.mul(0)));
    w.grad = null;
    if (step % 1000 === 0) held.push(loss);
    expect(loss.node!.inputs.length).toBe(0); // nothing hangs on to the graph
  }
  expect(held.map((t) => t.item())).toEqual([0.25, 0.25, 0.25]);
});
