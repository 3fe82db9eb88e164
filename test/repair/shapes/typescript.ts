import { HEAD, loop, type Shapes } from './shape.ts';

export const typescript: Shapes = {
  'fields and a list': {
    file: '/a/model.ts',
    text: `${HEAD}
class Deep extends nn.Module {
  input = new nn.Linear(2, 16); // in
  hidden = new nn.ModuleList(Array.from({ length: 4 }, () => new nn.Linear(16, 16)));
  output = new nn.Linear(16, 1);

  forward(x) {
    let h = this.input(x).sigmoid();
    for (const layer of this.hidden) {
      h = layer(h).sigmoid();
    }
    return this.output(h);
  }
}

const model = new Deep();
${loop}`,
  },
  'a sequence over lines': {
    file: '/a/model.ts',
    text: `${HEAD}
const model = new nn.Sequential(
  new nn.Linear(2, 16),
  new nn.Sigmoid(), // squashes
  new nn.Linear(16, 16),
  new nn.Sigmoid(),
  new nn.Linear(16, 32),
  new nn.Sigmoid(),
  new nn.Linear(32, 1),
);
${loop}`,
  },
  'a generated sequence, no semicolons': {
    file: '/a/model.mjs',
    text: `${HEAD}
const model = new nn.Sequential(
  new nn.Linear(2, 16), new nn.Tanh(),
  ...Array.from({ length: 6 }, () => [new nn.Linear(16, 16), new nn.Tanh()]).flat(),
  new nn.Linear(16, 1),
)
${loop}`.replaceAll(';\n', '\n'),
  },
  'layers one by one': {
    file: '/a/model.ts',
    text: `${HEAD}
class Net extends nn.Module {
  fc1: nn.Linear;
  fc2: nn.Linear;
  fc3: nn.Linear;
  constructor() {
    super();
    this.fc1 = new nn.Linear(2, 16);
    this.fc2 = new nn.Linear(16, 24);
    this.fc3 = new nn.Linear(24, 1);
  }
  forward(x) {
    const a = this.fc1(x).tanh();
    const b = this.fc2(a).tanh();
    return this.fc3(b);
  }
}
const model = new Net();
${loop}`,
  },
  'blocks of a class of their own, in a function': {
    file: '/a/model.ts',
    text: `import { nn, optim, F, randn, manualSeed, type Tensor } from 'gradlens';

class Block extends nn.Module {
  private readonly fc: nn.Linear;
  constructor(dim: number) {
    super();
    this.fc = new nn.Linear(dim, dim);
  }

  override forward(x: Tensor): Tensor {
    return this.fc(x).sigmoid();
  }
}

class Model extends nn.Module {
  stem = new nn.Sequential(new nn.Linear(2, 32), new nn.Tanh());
  blocks = new nn.Sequential(...Array.from({ length: 8 }, () => new Block(32)));
  head = new nn.Linear(32, 1);

  override forward(x: Tensor): Tensor {
    return this.head(this.blocks(this.stem(x)));
  }
}

function train(steps: number, lr = 0.1) {
  manualSeed(0);
  const model = new Model();
  const optimizer = new optim.SGD(model.parameters(), { lr });
  const x = randn([64, 2]);
  const y = x.select(1, 0).mul(x.select(1, 1)).gt(0).to('float32').reshape([-1, 1]);
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad();
    const loss = F.binaryCrossEntropyWithLogits(model(x), y);
    loss.backward();
    optimizer.step();
  }
}

train(30);
`,
  },
  'a list filled by pushing several': {
    file: '/a/model.mjs',
    text: `import * as gl from 'gradlens'
const { nn, optim, F } = gl

const sizes = [2, 32, 32, 32, 1]
const layers = []
for (let i = 0; i + 2 < sizes.length; i++) {
  layers.push(new nn.Linear(sizes[i], sizes[i + 1]), new nn.Sigmoid())
}
layers.push(new nn.Linear(sizes[3], sizes[4]))
const model = new nn.Sequential(...layers)
const opt = new optim.Adam(model.parameters(), { lr: 0.01 })
const x = gl.randn([64, 2])
const y = x.select(1, 0).mul(x.select(1, 1)).gt(0).to('float32').reshape([-1, 1])
for (let i = 0; i < 30; i++) {
  opt.zeroGrad(); const loss = F.binaryCrossEntropyWithLogits(model(x), y)
  loss.backward(); opt.step()
}
`,
  },
  'lists of layers, and activations by themselves': {
    file: '/a/model.ts',
    text: `${HEAD}
class Net extends nn.Module {
  input = new nn.Linear(2, 16);
  layers = new nn.ModuleList([new nn.Linear(16, 16), new nn.Linear(16, 24), new nn.Linear(24, 24)]);
  tail = new nn.ModuleList([new nn.Linear(24, 24), new nn.Tanh(), new nn.Linear(24, 12), new nn.Tanh()]);
  output = new nn.Linear(12, 1);

  forward(x) {
    let h = this.input(x);
    h = h.tanh();
    for (const layer of this.layers) {
      h = layer(h);
      h = h.tanh();
    }
    for (const layer of this.tail) h = layer(h);
    return this.output(h);
  }
}

const model = new Net();
${loop}`,
  },
  'a variable that is pushed': {
    file: '/a/model.ts',
    text: `${HEAD}
const layers = [];
for (let i = 0; i < 4; i++) {
  const dense = new nn.Linear(i === 0 ? 2 : 16, 16);
  nn.init.normal_(dense.weight, { std: 0.4 });
  layers.push(dense, new nn.Sigmoid());
}
const model = new nn.Sequential(...layers, new nn.Linear(16, 1));
${loop}`,
  },
  'blocks of a class of their own, in a sequence': {
    file: '/a/model.ts',
    text: `${HEAD}
class Dense extends nn.Module {
  constructor(inputs, outputs) {
    super();
    this.linear = new nn.Linear(inputs, outputs);
    this.bend = new nn.Sigmoid();
  }

  forward(x) {
    return this.bend(this.linear(x));
  }
}
const model = new nn.Sequential(
  new Dense(2, 16),
  ...Array.from({ length: 3 }, () => new Dense(16, 16)),
  new nn.Linear(16, 1),
);
${loop}`,
  },
  'a list of sizes, looked into, in a loop without braces': {
    file: '/a/model.ts',
    text: `${HEAD}
const sizes = [2, 16, 16, 16];
class Ladder extends nn.Module {
  constructor() {
    super();
    this.rungs = new nn.ModuleList(sizes.slice(1).map((to, i) => new nn.Linear(sizes[i], to)));
    this.top = new nn.Linear(sizes.at(-1), 1);
    for (const rung of this.rungs) nn.init.xavierUniform_(rung.weight);
  }

  forward(x) {
    let h = x;
    for (const rung of this.rungs) h = rung(h).sigmoid();
    return this.top(h);
  }
}
const model = new Ladder();
${loop}`,
  },
  'weights that are changed once more': {
    file: '/a/model.ts',
    text: `${HEAD}
const model = new nn.Sequential(new nn.Linear(2, 16), new nn.ReLU(), new nn.Linear(16, 1));
nn.init.kaimingNormal_(model.at(0).weight, { nonlinearity: 'relu' });
for (const p of model.parameters()) if (p.dim() > 1) noGrad(() => p.abs_());
${loop}`,
  },
};
