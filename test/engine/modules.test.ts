import { describe, expect, test } from 'vitest';
import { F, manualSeed, nn, noGrad, ones, randn, type Tensor, tensor, zeros } from '../../engine/index.ts';

class Block extends nn.Module {
  fc1 = new nn.Linear(2, 3);
  layers = new nn.ModuleList([new nn.Linear(3, 3), new nn.Linear(3, 3, { bias: false })]);
  scale = new nn.Parameter(tensor([1]));
  offset = new nn.Buffer(tensor([5]));
  note = 'not a module';
  cache: Tensor | null = null;

  override forward(x: Tensor) {
    let h = this.fc1(x);
    for (const layer of this.layers) h = layer(h).tanh();
    this.cache = h;
    return h.mul(this.scale);
  }
}

describe('a module', () => {
  const model = new Block();

  test('is called like a function', () => {
    expect(typeof model).toBe('function');
    expect(model).toBeInstanceOf(Block);
    expect(model(zeros([4, 2])).shape).toEqual([4, 3]);
    expect(Object.keys(new nn.Identity())).toEqual(['training']);
  });

  test('knows its tree by its own fields, in order', () => {
    model(zeros([1, 2])); // the tensor it keeps is neither parameter nor buffer
    const names = [...model.namedParameters()].map(([name]) => name);
    expect(names).toEqual(['scale', 'fc1.weight', 'fc1.bias', 'layers.0.weight', 'layers.0.bias', 'layers.1.weight']);
    expect([...model.namedModules()].map(([name]) => name)).toEqual(['', 'fc1', 'layers', 'layers.0', 'layers.1']);
    expect([...model.namedBuffers()].map(([name]) => name)).toEqual(['offset']);
    expect(model.children().length).toBe(2);
  });

  test('counts a shared parameter once', () => {
    class Tied extends nn.Module {
      a = new nn.Linear(2, 2, { bias: false });
      b = new nn.Linear(2, 2, { bias: false });
      constructor() {
        super();
        this.b.weight = this.a.weight;
      }
    }
    expect(new Tied().parameters().length).toBe(1);
  });

  test('train, eval, requiresGrad_, zeroGrad, apply', () => {
    model.eval();
    expect(model.modules().every((m) => !m.training)).toBe(true);
    model.train();
    expect(model.layers.at(-1)!.training).toBe(true);
    model.requiresGrad_(false);
    expect(model(zeros([1, 2])).requiresGrad).toBe(false);
    model.requiresGrad_();
    model(ones([1, 2]))
      .sum()
      .backward();
    expect(model.parameters().every((p) => p.grad !== null)).toBe(true);
    model.zeroGrad();
    expect(model.parameters().every((p) => p.grad === null)).toBe(true);
    const order: string[] = [];
    model.apply((m) => order.push(m.constructor.name));
    expect(order).toEqual(['Linear', 'Linear', 'Linear', 'ModuleList', 'Block']);
  });

  test('saves and loads its state', () => {
    const other = new Block();
    other.loadStateDict(model.stateDict());
    const x = randn([3, 2]);
    expect(other(x).toArray()).toEqual(model(x).toArray());
    const { scale, ...rest } = model.stateDict();
    expect(scale.item()).toBe(1);
    expect(() => other.loadStateDict(rest)).toThrow('missing scale; unexpected nothing');
    expect(() => other.loadStateDict({ ...rest, scale: zeros([2]) })).toThrow('expected shape [1] for scale, got [2]');
  });

  test('forward hooks see, and may replace', () => {
    const layer = new nn.Linear(2, 1);
    const seen: unknown[] = [];
    const remove = layer.registerForwardHook((module, [x], y) => {
      seen.push(module === layer, (x as Tensor).shape);
      return (y as Tensor).mul(0);
    });
    expect(layer(ones([1, 2])).item()).toBeCloseTo(0);
    remove();
    layer(ones([1, 2]));
    expect(seen).toEqual([true, [1, 2]]);
  });

  test('prints as a tree', () => {
    expect(String(new nn.Sequential(new nn.Linear(2, 3), new nn.Sequential(new nn.ReLU())))).toBe(
      [
        'Sequential(',
        '  (0): Linear(inFeatures=2, outFeatures=3, bias=true)',
        '  (1): Sequential(',
        '    (0): ReLU()',
        '  )',
        ')',
      ].join('\n'),
    );
  });

  test('without forward says so', () => {
    class Empty extends nn.Module {}
    expect(() => new Empty()(1)).toThrow('Empty has no forward method');
    expect(() => new nn.Sequential('relu' as never)).toThrow('entry 0 is not a module');
  });
});

describe('layers', () => {
  test('default initialization is PyTorch’s', () => {
    manualSeed(0);
    const { weight, bias } = new nn.Linear(100, 400);
    const bound = 1 / Math.sqrt(100);
    for (const t of [weight, bias!]) {
      expect(t.abs().max().item()).toBeLessThanOrEqual(bound);
      expect(t.std().item()).toBeCloseTo(bound / Math.sqrt(3), 2);
    }
    expect(new nn.Conv2d(4, 8, 5).weight.abs().max().item()).toBeLessThanOrEqual(1 / Math.sqrt(100));
    expect(new nn.Embedding(200, 50).weight.std().item()).toBeCloseTo(1, 1);
  });

  test('batch normalization keeps running statistics and uses them in eval', () => {
    const norm = new nn.BatchNorm1d(1, { momentum: 0.5 });
    const x = tensor([[1], [3]]);
    expect(norm(x).toArray<number[][]>().flat()[0]).toBeCloseTo(-1, 4);
    expect(norm.runningMean!.item()).toBeCloseTo(1); // 0.5·0 + 0.5·2
    expect(norm.runningVar!.item()).toBeCloseTo(1.5); // 0.5·1 + 0.5·2, the unbiased variance
    norm.eval();
    expect(norm(x).at(0, 0).item()).toBeCloseTo(0, 5);
    expect(() => new nn.BatchNorm1d(2)(zeros([1, 2]))).toThrow('more than one value per channel');
    expect(() => new nn.BatchNorm2d(2)(zeros([1, 3, 2, 2]))).toThrow('expected 2 channels');
  });

  test('dropout drops while training, and keeps the expectation', () => {
    manualSeed(1);
    const dropout = new nn.Dropout(0.25);
    const y = dropout(ones([4000]));
    expect(y.eq(0).to('float32').mean().item()).toBeCloseTo(0.25, 1);
    expect(y.mean().item()).toBeCloseTo(1, 1);
    dropout.eval();
    expect(dropout(ones([3])).toArray()).toEqual([1, 1, 1]);
  });

  test('causal attention does not see the future', () => {
    const attention = new nn.MultiheadAttention(4, 2, { batchFirst: true });
    const x = randn([1, 3, 4]);
    const changed = x.clone();
    noGrad(() => changed.select(1, 2).fill_(9));
    const [a, b] = [x, changed].map((t) => attention(t, t, t, { isCausal: true }).slice(1, 0, 2));
    expect(a.toArray()).toEqual(b.toArray());
  });

  test('recurrent layers give outputs and the last state', () => {
    const [outputs, [h, c]] = new nn.LSTM(3, 4, { batchFirst: true, numLayers: 2 })(randn([2, 5, 3]));
    expect([outputs.shape, h.shape, c.shape]).toEqual([
      [2, 5, 4],
      [2, 2, 4],
      [2, 2, 4],
    ]);
    expect(outputs.select(1, -1).toArray()).toEqual(h.select(0, -1).toArray());
    const cell = new nn.GRUCell(3, 4);
    expect(cell(randn([2, 3]), cell(randn([2, 3]))).shape).toEqual([2, 4]);
  });

  test('a backward hook sees the gradients of inputs and output, and nothing changes', () => {
    const layer = new nn.Linear(2, 1, { bias: false });
    nn.init.constant_(layer.weight, 3);
    const seen: unknown[] = [];
    const remove = layer.registerFullBackwardHook((module, gradInputs, gradOutput) => {
      seen.push(
        module === layer,
        gradInputs.map((g) => g?.toArray()),
        gradOutput.toArray(),
      );
    });
    const x = tensor([[1, 2]], { requiresGrad: true });
    layer(x).mul(2).sum().backward();
    expect(seen).toEqual([true, [[[6, 6]]], [[2]]]);
    expect(x.grad!.toArray()).toEqual([[6, 6]]);
    layer(tensor([[1, 2]]))
      .sum()
      .backward();
    expect(seen.slice(3)).toEqual([true, [undefined], [[1]]]);
    remove();
    layer(x).sum().backward();
    expect(seen.length).toBe(6);
  });

  test('initialization functions', () => {
    manualSeed(0);
    const w = nn.init.orthogonal_(zeros([3, 5]));
    const product = w.matmul(w.t());
    expect(
      product
        .sub(
          tensor([
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ]),
        )
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-6);
    expect(
      nn.init
        .kaimingNormal_(zeros([200, 100]), { nonlinearity: 'relu' })
        .std()
        .item(),
    ).toBeCloseTo(Math.sqrt(2 / 100), 2);
    expect(
      nn.init
        .xavierUniform_(zeros([30, 20]))
        .abs()
        .max()
        .item(),
    ).toBeLessThanOrEqual(Math.sqrt(6 / 50));
    const weight = new nn.Linear(2, 2).weight;
    nn.init.constant_(weight, 3);
    expect([weight.isLeaf, weight.at(1, 1).item()]).toEqual([true, 3]);
  });
});

describe('losses refuse what would train silently wrong', () => {
  test('shapes that would broadcast', () => {
    expect(() => F.mseLoss(zeros([4, 1]), zeros([4]))).toThrow('input [4, 1] and target [4] must have the same shape');
  });
  test('classes', () => {
    expect(() => F.crossEntropy(zeros([2, 3]), zeros([2]))).toThrow(
      'expected class indices as int32 [2] or probabilities [2, 3]',
    );
    expect(() => F.crossEntropy(zeros([2, 3]), zeros([3], { dtype: 'int32' }))).toThrow('must have shape [2], got [3]');
    expect(() => F.nllLoss(zeros([2, 3]), zeros([2]))).toThrow('classes must be int32');
    expect(() => F.crossEntropy(zeros([1, 3]), tensor([3], { dtype: 'int32' }))).toThrow('index 3 is outside 0 … 2');
  });
});
